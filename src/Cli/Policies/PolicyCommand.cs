using System.CommandLine;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Policies;

/// <summary><c>policy</c>: tools for Cedar policies. They ask no agent and need none.</summary>
internal static class PolicyCommand
{
    public static Command Create(Terminal terminal) => new("policy", "Check, try and lay out Cedar policies, without an agent.")
    {
        PolicyCheck.Create(terminal),
        PolicyEval.Create(terminal),
        PolicyFormat.Create(terminal),
    };
}
