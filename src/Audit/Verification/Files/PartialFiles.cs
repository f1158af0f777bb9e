using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Verification.Files;

/// <summary>Partial tiles and bundles of earlier sizes: each must be the beginning of the one that was verified.</summary>
internal sealed class PartialFiles(LogFiles files, FindingList findings)
{
    private byte[] _older = [];
    private byte[] _newer = [];

    /// <param name="path">The older one.</param>
    /// <param name="width">How many hashes or entries it holds.</param>
    /// <param name="full">Where the full one is or will be.</param>
    /// <param name="edge">How many the newest one holds.</param>
    /// <param name="isBundle">Entries, not hashes.</param>
    public void Check(string path, int width, string full, int edge, bool isBundle)
    {
        int most = isBundle ? EntryBundle.MaxLength : TilePath.Width * TreeHash.Length;
        FileOutcome outcome = files.Read(path, most, ref _older, out int length);
        if (outcome == FileOutcome.Missing) return; // The log goes on while it is looked at.
        if (outcome != FileOutcome.Done)
        {
            findings.Add(outcome, FindingKind.TileMissing, path);
            return;
        }

        bool isWhole = isBundle ? Count(_older.AsMemory(0, length)) == width : length == width * TreeHash.Length;
        if (!isWhole)
        {
            findings.Add(isBundle ? FindingKind.BundleMalformed : FindingKind.TileMalformed, path, null, $"does not hold just {width} {(isBundle ? "entries" : "hashes")}");
            return;
        }

        if (EdgeFile.Read(files, full, edge, most, ref _newer, out int newer, out string newerPath) != FileOutcome.Done)
        {
            if (findings.HasFaultOf(newerPath)) return;
            findings.Add(FindingKind.LeftOver, path, null, "is of an earlier size, and the later one is not there");
            return;
        }

        if (findings.HasFaultOf(newerPath)) return; // It is not the measure of this one.
        if (newer < length || !_newer.AsSpan(0, length).SequenceEqual(_older.AsSpan(0, length)))
        {
            findings.Add(isBundle ? FindingKind.EntryChanged : FindingKind.TileChanged, path, null, $"is not the beginning of {newerPath}");
        }
    }

    /// <summary>How many entries a bundle holds; -1: the last is torn.</summary>
    private static int Count(ReadOnlyMemory<byte> bundle)
    {
        int count = 0;
        while (EntryBundle.TryTake(ref bundle, out _)) count++;
        return bundle.IsEmpty ? count : -1;
    }
}
