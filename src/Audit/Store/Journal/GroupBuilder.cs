using System.Buffers.Binary;
using System.Security.Cryptography;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Store.Queueing;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>Makes entries of records: gives each its index and the hash of the one before, and signs for the tree behind them.</summary>
internal static class GroupBuilder
{
    /// <param name="records">At least one.</param>
    /// <param name="head">The tree before; untouched.</param>
    /// <param name="keys">Of the log.</param>
    /// <param name="arena">For the frame.</param>
    /// <returns>The group, and the tree behind it.</returns>
    public static (CommittedGroup Group, TreeState Behind) Build(IReadOnlyList<PendingRecord> records, TreeState head, LogKeys keys, FrameArena arena)
    {
        int most = JournalFrame.HeadLength + JournalFrame.TailLength;
        foreach (PendingRecord record in records) most += record.Length;
        FrameMemory memory = arena.Rent(most);
        Span<byte> buffer = memory.Span;
        CommittedEntry[] entries = new CommittedEntry[records.Count];
        Frontier frontier = new(head.Frontier);
        TreeHash previous = head.Previous;
        int at = JournalFrame.HeadLength;
        for (int i = 0; i < entries.Length; i++)
        {
            int start = at + sizeof(ushort);
            int length = records[i].Draft.Write(buffer[start..], frontier.Size, previous);
            ReadOnlySpan<byte> entry = buffer.Slice(start, length);
            BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)length);
            byte[] body = records[i].Body;
            int bodyStart = start + length + sizeof(int);
            BinaryPrimitives.WriteInt32BigEndian(buffer[(start + length)..], body.Length);
            body.CopyTo(buffer[bodyStart..]);
            at = bodyStart + body.Length;
            entries[i] = new CommittedEntry(start, length, bodyStart, body.Length, TreeHasher.Leaf(entry));
            frontier.Append(entries[i].Leaf);
            previous = RecordEntry.HashOf(entry);
        }

        int end = at + JournalFrame.TailLength;
        JournalFrame.Magic.CopyTo(buffer);
        BinaryPrimitives.WriteInt32BigEndian(buffer[JournalFrame.Magic.Length..], end);
        BinaryPrimitives.WriteInt64BigEndian(buffer[8..], head.Size);
        BinaryPrimitives.WriteInt32BigEndian(buffer[16..], entries.Length);
        TreeHash root = frontier.Root;
        root.CopyTo(buffer[at..]);
        keys.SignBytes(JournalFrame.Statement(keys.Origin, frontier.Size, root)).CopyTo(buffer[(at + TreeHash.Length)..]);
        SHA256.HashData(buffer[..(end - SHA256.HashSizeInBytes)], buffer[(end - SHA256.HashSizeInBytes)..]);
        return (new CommittedGroup(head.Size, memory.Shorten(end), entries), new TreeState(frontier, previous));
    }
}
