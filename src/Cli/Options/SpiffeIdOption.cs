using System.CommandLine;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Cli.Options;

/// <summary><c>--spiffe-id</c>: one identity instead of all.</summary>
internal static class SpiffeIdOption
{
    public static Option<SpiffeId?> Create() => new("--spiffe-id")
    {
        Description = "This identity instead of all",
        HelpName = "ID",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (SpiffeId.TryParse(text, out SpiffeId? id, out SpiffeIdRule broken)) return id;
            argument.AddError($"--spiffe-id: {text}: not a SPIFFE ID ({broken}); write spiffe://trust-domain/path");
            return null;
        },
    };
}
