using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>One bundle and its tile, read and hashed. Used again for another bundle: of the largest that there was, it keeps the memory.</summary>
internal sealed class CheckedBundle
{
    /// <summary>The bundle's bytes; those between entries mean nothing any more.</summary>
    public byte[] Bytes = [];

    /// <summary>The tile's bytes.</summary>
    public byte[] Tile = new byte[TilePath.Width * TreeHash.Length];

    /// <summary>Which one.</summary>
    public long Index { get; set; }

    /// <summary>How many entries the tree has of it.</summary>
    public int Width { get; set; }

    /// <summary>The index of its first entry.</summary>
    public long First => Index * TilePath.Width;

    public string Path { get; set; } = "";

    public FileOutcome Outcome { get; set; }

    public string TilePathRead { get; set; } = "";

    /// <summary>What came of reading the tile, and <see cref="TileFault"/> of its size.</summary>
    public FileOutcome TileOutcome { get; set; }

    public string TileFault { get; set; } = "";

    /// <summary>Why the bundle as a whole is wrong; empty: it is not.</summary>
    public string Fault { get; set; } = "";

    /// <summary>How many entries could be read, at most <see cref="Width"/>.</summary>
    public int Count { get; set; }

    public CheckedEntry[] Entries { get; } = new CheckedEntry[TilePath.Width];

    /// <summary>What each entry that could be read hashes to in the tree.</summary>
    public TreeHash[] Leaves { get; } = new TreeHash[TilePath.Width];

    /// <summary>The hash over all of them; means something only where <see cref="HasEntries"/>.</summary>
    public TreeHash Hash { get; set; }

    /// <summary>What the tile says of each, where <see cref="HasTile"/>.</summary>
    public TreeHash[] TileLeaves { get; } = new TreeHash[TilePath.Width];

    /// <summary>Whether there is a tile of the right size.</summary>
    public bool HasTile { get; set; }

    /// <summary>Whether all entries are there.</summary>
    public bool HasEntries => Count == Width;

    /// <summary>The bytes of the file of its bodies.</summary>
    public byte[] BodyBytes = [];

    public FileOutcome BodyOutcome { get; set; }

    /// <summary>Why the file of its bodies is wrong; empty: it is not.</summary>
    public string BodyFault { get; set; } = "";

    /// <summary>Where bodies are, by entry; in the end, those that belong to none.</summary>
    public Dictionary<long, (int Offset, int Length)> Bodies { get; } = [];

    public ReadOnlyMemory<byte> BytesOf(int entry) => Bytes.AsMemory(Entries[entry].Offset, Entries[entry].Length);
}
