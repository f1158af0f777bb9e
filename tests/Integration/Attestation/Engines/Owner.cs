using System.Globalization;

namespace Spiffe.Agent.Tests.Integration.Attestation.Engines;

/// <summary>Whose sockets these tests make.</summary>
internal static class Owner
{
    internal static uint Id { get; } = uint.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], CultureInfo.InvariantCulture);
}
