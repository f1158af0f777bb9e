using System.CommandLine;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Cli.Options;

/// <summary><c>--trust-domain</c>: one trust domain instead of all.</summary>
internal static class TrustDomainOption
{
    public static Option<TrustDomain?> Create() => new("--trust-domain")
    {
        Description = "This trust domain instead of all",
        HelpName = "NAME",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (TrustDomain.TryParse(text, out TrustDomain? domain, out SpiffeIdRule broken)) return domain;
            argument.AddError($"--trust-domain: {text}: not the name of a trust domain ({broken}); write it bare, as example.org");
            return null;
        },
    };
}
