using System.Text.RegularExpressions;

namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>What attacks are held against: the last 64 hex digits anywhere in the path are the container, as agents of this kind commonly look for it.</summary>
internal static partial class NaiveLocator
{
    internal static string? Find(string path) => Ids().Matches(path) is { Count: > 0 } found ? found[^1].Value : null;

    [GeneratedRegex(@"(?<![0-9a-zA-Z])[0-9a-f]{64}(?![0-9a-zA-Z])")]
    private static partial Regex Ids();
}
