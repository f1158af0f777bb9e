using System.CommandLine;

namespace Spiffe.Agent.Cli.Options;

/// <summary><c>--audience</c>: who a token is for.</summary>
internal static class AudienceOption
{
    /// <summary>At least one, each with its own flag.</summary>
    public static Option<string[]> AtLeastOne()
    {
        Option<string[]> option = new("--audience")
        {
            Description = "Who the token is for; repeat it for several",
            HelpName = "AUDIENCE",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.Length == 0)) result.AddError("--audience: '': an audience has at least one character");
        });
        return option;
    }

    /// <summary>Exactly one: the one that validates (Workload API §6.2.3).</summary>
    public static Option<string> Own() => new("--audience")
    {
        Description = "Who validates: must be among the token's audiences",
        HelpName = "AUDIENCE",
        Required = true,
        CustomParser = argument =>
        {
            if (argument.Tokens[0].Value.Length > 0) return argument.Tokens[0].Value;
            argument.AddError("--audience: '': an audience has at least one character");
            return null;
        },
    };
}
