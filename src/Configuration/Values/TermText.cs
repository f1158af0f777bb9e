using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>Names of actions, audiences and boundaries, as grants have them: printable ASCII without spaces, so that what looks equal is.</summary>
internal static class TermText
{
    public static readonly string Remedy = $"write 1 to {GrantLimits.MaxTermLength} printable ASCII characters without spaces";

    public static bool IsValid(string text) => text.Length is > 0 and <= GrantLimits.MaxTermLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
