using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>Something wrong in a file of policies, as compilers say it: <c>file:line:column: message</c>.</summary>
internal sealed record PolicyFault(string Place, SourcePosition Position, string Message)
{
    public override string ToString() => $"{Place}:{Position}: {Message}";
}
