using System.Collections.Immutable;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Builds the tree above the bundles, and holds every tile from level 1 up against what is beneath it. Memory: one tile for each level.</summary>
internal sealed class HigherTiles(LogFiles files, long size, FindingList findings)
{
    private readonly Frontier _bundles = new();
    private readonly List<Level> _levels = [];
    private byte[] _read = new byte[TilePath.Width * TreeHash.Length];
    private byte[] _claims = new byte[TilePath.Width * TreeHash.Length];
    private long _claimsOf = -1;
    private int _claimsLength;

    /// <summary>Complete bundles so far.</summary>
    public long Bundles => _bundles.Size;

    /// <summary>One hash for each complete subtree of bundles, the largest first.</summary>
    public ImmutableArray<TreeHash> Subtrees => _bundles.Subtrees;

    /// <summary>What the tile above says that a bundle's hash is; null: it says nothing.</summary>
    public TreeHash? ClaimOf(long bundle)
    {
        long tile = bundle / TilePath.Width;
        int at = (int)(bundle % TilePath.Width) * TreeHash.Length;
        if (_claimsOf != tile)
        {
            int width = WidthOf(1, tile);
            FileOutcome outcome = EdgeFile.Read(files, TilePath.Tile(1, tile), width, TilePath.Width * TreeHash.Length, ref _claims, out int length, out _);
            _claimsLength = outcome == FileOutcome.Done ? Math.Min(length, width * TreeHash.Length) : 0;
            _claimsOf = tile;
        }

        return at + TreeHash.Length <= _claimsLength ? new TreeHash(_claims.AsSpan(at, TreeHash.Length)) : null;
    }

    /// <summary>Adds a complete bundle by the hash over its entries.</summary>
    public void Append(TreeHash bundle) => _bundles.Append(bundle, Add);

    /// <summary>Looks at the partial tiles at the right edge.</summary>
    public void Finish()
    {
        for (int i = 0; i < _levels.Count; i++)
        {
            if (_levels[i].Width > 0) Check(i + 1, _levels[i]);
        }
    }

    // Heights are counted from the bundles up: eight of them make a level of tiles.
    private void Add(int height, long index, TreeHash hash)
    {
        if (height % TilePath.Height != 0) return;
        int at = height / TilePath.Height;
        if (at == _levels.Count) _levels.Add(new Level());
        Level level = _levels[at];
        hash.CopyTo(level.Bytes.AsSpan(level.Width++ * TreeHash.Length));
        if (level.Width < TilePath.Width) return;
        Check(at + 1, level);
        (level.Index, level.Width) = (level.Index + 1, 0);
    }

    private void Check(int number, Level level)
    {
        FileOutcome outcome = EdgeFile.Read(files, TilePath.Tile(number, level.Index), level.Width, TilePath.Width * TreeHash.Length, ref _read, out int length, out string path);
        int expected = (path == TilePath.Tile(number, level.Index) ? TilePath.Width : level.Width) * TreeHash.Length;
        ReadOnlySpan<byte> own = level.Bytes.AsSpan(0, level.Width * TreeHash.Length);
        if (outcome != FileOutcome.Done) findings.Add(outcome, FindingKind.TileMissing, path);
        else if (length != expected) findings.Add(FindingKind.TileMalformed, path, null, $"has {length} bytes, not {expected}");
        else if (!_read.AsSpan(0, own.Length).SequenceEqual(own)) findings.Add(FindingKind.TileChanged, path, null, $"hash {_read.AsSpan().CommonPrefixLength(own) / TreeHash.Length} is not that of what is beneath it");
    }

    private int WidthOf(int level, long tile) => tile < TilePath.FullTiles(level, size) ? TilePath.Width : Math.Max(1, TilePath.EdgeWidth(level, size));

    private sealed class Level
    {
        public byte[] Bytes { get; } = new byte[TilePath.Width * TreeHash.Length];

        public long Index { get; set; }

        public int Width { get; set; }
    }
}
