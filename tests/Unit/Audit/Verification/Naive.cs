using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>What verifying a log comes to without tree and signatures: going along the chain.</summary>
internal static class Naive
{
    public static bool ChainHolds(string folder)
    {
        TreeHash previous = RecordEntry.None;
        long seq = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "tile/entries"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            ReadOnlyMemory<byte> rest = File.ReadAllBytes(file);
            if (file.Contains(".p/", StringComparison.Ordinal) && File.Exists(Path.GetDirectoryName(file)![..^2])) continue;
            if (file.Contains(".p/", StringComparison.Ordinal) && Directory.EnumerateFiles(Path.GetDirectoryName(file)!).MaxBy(name => new FileInfo(name).Length) != file) continue;
            while (EntryBundle.TryTake(ref rest, out ReadOnlyMemory<byte> bytes))
            {
                if (!RecordEntry.TryRead(bytes, out RecordEntry? entry, out _) || entry.Seq != seq++ || entry.Previous != previous) return false;
                previous = RecordEntry.HashOf(bytes.Span);
            }
        }

        return true;
    }
}
