using System.CommandLine;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Validate;

/// <summary><c>validate</c>: asks the agent whether to believe a token.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal) => new("validate", "Ask the agent whether a token is to be believed.")
    {
        ValidateJwt.Create(terminal),
    };
}
