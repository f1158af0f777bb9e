using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Audit.Crypto;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>How a group of entries lies in the journal, so that it counts whole or not at all.</summary>
/// <remarks>
/// Numbers are big endian: "SAJ1", length of the frame (32 bits), index of its first entry (64), how many entries (32); each entry behind its length
/// (16), then its body behind its length (32, 0: none); the root of the tree behind them (32 bytes), a signature by the log's key (64 bytes), SHA-256
/// of all before. The hash tells a frame that was not written to its end; the signature, over <see cref="Statement"/>, tells a frame that somebody else wrote.
/// The signature is not that of a checkpoint: a group may have to be written again, with more behind it, and a log never signs two trees of one size.
/// </remarks>
internal static class JournalFrame
{
    /// <summary>Of what comes before the first entry, in bytes.</summary>
    public const int HeadLength = 20;

    /// <summary>Of what comes behind the last body, in bytes.</summary>
    public const int TailLength = TreeHash.Length + Ed25519.SignatureLength + SHA256.HashSizeInBytes;

    /// <summary>Longest frame that is read, in bytes. Ours: far beyond what is written.</summary>
    public const int MaxLength = 64 << 20;

    public static ReadOnlySpan<byte> Magic => "SAJ1"u8;

    private static ReadOnlySpan<byte> Purpose => "spiffe-agent audit journal v1\0"u8;

    /// <summary>What is signed: no text of a note, as no note holds a zero byte.</summary>
    public static byte[] Statement(string origin, long size, TreeHash root)
    {
        byte[] name = Encoding.UTF8.GetBytes(origin);
        byte[] statement = new byte[Purpose.Length + sizeof(long) + TreeHash.Length + name.Length];
        Purpose.CopyTo(statement);
        BinaryPrimitives.WriteInt64BigEndian(statement.AsSpan(Purpose.Length), size);
        root.CopyTo(statement.AsSpan(Purpose.Length + sizeof(long)));
        name.CopyTo(statement, Purpose.Length + sizeof(long) + TreeHash.Length);
        return statement;
    }

    /// <summary>How long the frame is that begins here and is whole; 0: none does.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength + TailLength || !bytes.StartsWith(Magic)) return 0;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[Magic.Length..]);
        if (length is < HeadLength + TailLength or > MaxLength || length > bytes.Length) return 0;
        int hashed = (int)length - SHA256.HashSizeInBytes;
        return SHA256.HashData(bytes[..hashed]).AsSpan().SequenceEqual(bytes[hashed..(int)length]) ? (int)length : 0;
    }

    public static long FirstOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt64BigEndian(frame[8..]);

    public static int CountOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame[16..]);

    public static TreeHash RootOf(ReadOnlySpan<byte> frame) => new(frame[^TailLength..][..TreeHash.Length]);

    public static ReadOnlySpan<byte> SignatureOf(ReadOnlySpan<byte> frame) => frame[(frame.Length - TailLength + TreeHash.Length)..][..Ed25519.SignatureLength];

    /// <summary>What lies where in a frame that is whole; null: it is not built as it should.</summary>
    public static CommittedEntry[]? EntriesOf(ReadOnlySpan<byte> frame)
    {
        int count = CountOf(frame);
        int end = frame.Length - TailLength;
        if (count <= 0 || count > frame.Length) return null;
        CommittedEntry[] entries = new CommittedEntry[count];
        int at = HeadLength;
        for (int i = 0; i < count; i++)
        {
            if (end - at < sizeof(ushort)) return null;
            int length = BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);
            int start = at + sizeof(ushort);
            if (end - start < length + sizeof(int)) return null;
            int bodyLength = BinaryPrimitives.ReadInt32BigEndian(frame[(start + length)..]);
            int bodyStart = start + length + sizeof(int);
            if (bodyLength < 0 || end - bodyStart < bodyLength) return null;
            entries[i] = new CommittedEntry(start, length, bodyStart, bodyLength, TreeHasher.Leaf(frame.Slice(start, length)));
            at = bodyStart + bodyLength;
        }

        return at == end ? entries : null;
    }
}
