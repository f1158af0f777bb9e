using System.Buffers.Binary;
using System.Security.Cryptography;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification.Bodies;
using Spiffe.Agent.Audit.Verification.Files;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Reads a bundle and its tile and hashes every entry: all that can be done without knowing what came before. Safe from several threads.</summary>
internal sealed class BundleReader(LogFiles files)
{
    private const byte LeafPrefix = 0x00; // RFC 6962 §2.1

    private readonly BodyReader _bodies = new(files);

    /// <param name="bundle">Where to.</param>
    /// <param name="index">Which bundle.</param>
    /// <param name="width">How many entries the tree has of it.</param>
    public void Read(CheckedBundle bundle, long index, int width)
    {
        (bundle.Index, bundle.Width, bundle.Count, bundle.Fault) = (index, width, 0, "");
        ReadTile(bundle);
        bundle.Outcome = EdgeFile.Read(files, TilePath.Entries(index), width, EntryBundle.MaxLength, ref bundle.Bytes, out int length, out string path);
        bundle.Path = path;
        if (bundle.Outcome == FileOutcome.Done) ReadEntries(bundle, length, isExact: path == TilePath.Entries(index, width));
        _bodies.Read(bundle);
    }

    private void ReadTile(CheckedBundle bundle)
    {
        bundle.TileOutcome = EdgeFile.Read(files, TilePath.Tile(0, bundle.Index), bundle.Width, TilePath.Width * TreeHash.Length, ref bundle.Tile, out int length, out string path);
        bundle.TilePathRead = path;
        int expected = (path == TilePath.Tile(0, bundle.Index) ? TilePath.Width : bundle.Width) * TreeHash.Length;
        bundle.HasTile = bundle.TileOutcome == FileOutcome.Done && length == expected;
        bundle.TileFault = bundle.TileOutcome == FileOutcome.Done && length != expected ? $"has {length} bytes, not {expected}" : "";
        for (int i = 0; bundle.HasTile && i < bundle.Width; i++) bundle.TileLeaves[i] = new TreeHash(bundle.Tile.AsSpan(i * TreeHash.Length, TreeHash.Length));
    }

    private static void ReadEntries(CheckedBundle bundle, int length, bool isExact)
    {
        int at = 0;
        while (bundle.Count < bundle.Width && length - at >= sizeof(ushort))
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(bundle.Bytes.AsSpan(at));
            if (length - at - sizeof(ushort) < size) break;
            bundle.Leaves[bundle.Count] = ReadEntry(bundle.Bytes, at + sizeof(ushort), size, out bundle.Entries[bundle.Count]);
            bundle.Count++;
            at += sizeof(ushort) + size;
        }

        if (bundle.Count < bundle.Width) bundle.Fault = $"holds {bundle.Count} entries, not {bundle.Width}";
        else if (isExact && at != length) bundle.Fault = $"holds {length - at} bytes behind its {bundle.Width} entries";
        if (bundle.HasEntries) bundle.Hash = RootOf.Leaves(bundle.Leaves.AsSpan(0, bundle.Width));
    }

    private static TreeHash ReadEntry(byte[] bytes, int offset, int length, out CheckedEntry entry)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        ReadOnlySpan<byte> own = bytes.AsSpan(offset, length);
        SHA256.HashData(own, hash);
        entry = new CheckedEntry { Offset = offset, Length = length, Hash = new TreeHash(hash) };
        entry.IsEntry = EntryEnvelope.TryRead(own, out entry.Envelope);
        bytes[offset - 1] = LeafPrefix; // The length before it was read: the prefix takes its place, and nothing is copied.
        SHA256.HashData(bytes.AsSpan(offset - 1, length + 1), hash);
        return new TreeHash(hash);
    }
}
