using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Reads the nodes of a tree as <see cref="TileReader"/> does, from a directory that may be an attacker's. For a proof or two: it keeps one tile.</summary>
internal sealed class CarefulTiles(LogFiles files, long size)
{
    private byte[] _tile = [];
    private (int Level, long Index) _kept = (-1, 0);

    /// <exception cref="TileException">The tile is missing or damaged.</exception>
    public TreeHash Node(int level, long index)
    {
        int tileLevel = level / TilePath.Height;
        int within = level % TilePath.Height;
        long first = index << within;
        Load(tileLevel, first / TilePath.Width);
        TreeHash[] hashes = new TreeHash[1 << within];
        for (int i = 0; i < hashes.Length; i++) hashes[i] = new TreeHash(_tile.AsSpan((int)((first + i) % TilePath.Width) * TreeHash.Length, TreeHash.Length));
        return RootOf.Leaves(hashes);
    }

    private void Load(int level, long index)
    {
        if (_kept == (level, index)) return;
        _kept = (-1, 0);
        int width = index < TilePath.FullTiles(level, size) ? TilePath.Width : TilePath.EdgeWidth(level, size);
        FileOutcome outcome = EdgeFile.Read(files, TilePath.Tile(level, index), width, TilePath.Width * TreeHash.Length, ref _tile, out int length, out string path);
        if (outcome != FileOutcome.Done || length < width * TreeHash.Length) throw new TileException(path, "is missing or damaged");
        _kept = (level, index);
    }
}
