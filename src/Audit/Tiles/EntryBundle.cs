using System.Buffers;
using System.Buffers.Binary;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>Entries one behind the other, each after its length in two bytes. C2SP tlog-tiles, "Log entries".</summary>
public static class EntryBundle
{
    /// <summary>Longest entry, in bytes: what two bytes can say.</summary>
    public const int MaxEntryLength = ushort.MaxValue;

    /// <summary>Longest bundle that can be, in bytes.</summary>
    public const int MaxLength = TilePath.Width * (sizeof(ushort) + MaxEntryLength);

    /// <exception cref="ArgumentException">The entry is longer than <see cref="MaxEntryLength"/>.</exception>
    public static void Append(IBufferWriter<byte> bundle, ReadOnlySpan<byte> entry)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        if (entry.Length > MaxEntryLength) throw new ArgumentException($"an entry has at most {MaxEntryLength} bytes", nameof(entry));
        BinaryPrimitives.WriteUInt16BigEndian(bundle.GetSpan(sizeof(ushort)), (ushort)entry.Length);
        bundle.Advance(sizeof(ushort));
        bundle.Write(entry);
    }

    /// <summary>Takes the first entry off a bundle.</summary>
    /// <param name="rest">The bundle; afterwards, what is behind the entry. Unchanged when there is no whole entry.</param>
    /// <param name="entry">The entry: part of the same memory.</param>
    /// <returns>False at the end, and where the last entry is torn: then <paramref name="rest"/> is not empty.</returns>
    public static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> entry)
    {
        entry = default;
        if (rest.Length < sizeof(ushort)) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
        if (rest.Length - sizeof(ushort) < length) return false;
        entry = rest.Slice(sizeof(ushort), length);
        rest = rest[(sizeof(ushort) + length)..];
        return true;
    }
}
