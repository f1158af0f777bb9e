using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Verification.Bodies;
using Spiffe.Agent.Audit.Verification.Files;
using Spiffe.Agent.Audit.Verification.Heads;
using Spiffe.Agent.Audit.Verification.Tree;

namespace Spiffe.Agent.Audit.Verification.Tail;

/// <summary>Goes on with the tree where the tiles end: groups of entries that are safe on the disk and not yet published, each signed by itself.</summary>
/// <param name="files">The log's.</param>
/// <param name="tree">The tree so far; it grows.</param>
/// <param name="previous">Hash of its last entry; null: nobody knows.</param>
/// <param name="keys">Of the log.</param>
/// <param name="findings">Where what is wrong goes.</param>
internal sealed class JournalCheck(LogFiles files, Frontier tree, TreeHash? previous, KeyHistory keys, FindingList findings)
{
    private readonly EntryChain _chain = new(findings, previous);
    private readonly long _published = tree.Size;

    /// <summary>Is given every entry that is intact, with what came of its body.</summary>
    public required Action<ReadOnlyMemory<byte>, CheckedEntry> Taken { get; init; }

    /// <summary>Is told of every entry, intact or not, once the tree has it.</summary>
    public required Action Grown { get; init; }

    /// <summary>Reads all files in order, each as far as it counts: to the index at which the next begins.</summary>
    public void Run()
    {
        if (JournalFiles.List(files, findings) is not { } segments) return;
        for (int i = 0; i < segments.Count; i++)
        {
            Segment segment = segments[i];
            if (segment.First > tree.Size)
            {
                findings.Add(FindingKind.JournalMalformed, segment.Path, tree.Size, string.Create(CultureInfo.InvariantCulture, $"entries up to {segment.First - 1} are missing, and others follow"));
                return;
            }

            FileOutcome outcome = files.OpenFile(segment.Path, out SafeFileHandle? file);
            if (outcome == FileOutcome.Missing) continue; // Published meanwhile; where it was not, the next one is too far.
            if (file is null)
            {
                findings.Add(outcome, FindingKind.JournalMalformed, segment.Path);
                return;
            }

            using (file)
            {
                if (!Read(segment, new FrameFile(file), i + 1 < segments.Count ? segments[i + 1].First : long.MaxValue)) return;
            }
        }
    }

    // False: nothing behind it can be trusted to follow.
    private bool Read(Segment segment, FrameFile file, long limit)
    {
        try
        {
            long at = segment.First;
            ReadOnlyMemory<byte> frame;
            while (at < limit && !(frame = file.Next()).IsEmpty)
            {
                long end = JournalFrame.FirstOf(frame.Span) == at && JournalFrame.CountOf(frame.Span) > 0 ? at + JournalFrame.CountOf(frame.Span) : -1;
                if (end > limit) return true; // Given up as it was written: the next file has it again.
                if (end < 0 || JournalFrame.EntriesOf(frame.Span) is not { } entries) return Malformed(segment, at, "no group of entries begins here");
                if (end > _published && !Take(segment, frame, entries)) return false;
                at = end;
            }

            if (at >= limit || file.Left == 0) return true;
            if (file.IsFollowed()) return Malformed(segment, at, "the entries from here on are damaged, and others follow");
            findings.Add(FindingKind.JournalTorn, segment.Path, at, string.Create(CultureInfo.InvariantCulture, $"{file.Left} bytes were not written to their end, and do not count"));
            return true;
        }
        catch (IOException)
        {
            findings.Add(FileOutcome.Unreadable, FindingKind.JournalMalformed, segment.Path);
            return false;
        }
    }

    private bool Take(Segment segment, ReadOnlyMemory<byte> frame, CommittedEntry[] entries)
    {
        long first = JournalFrame.FirstOf(frame.Span);
        if (first != tree.Size) return Malformed(segment, first, string.Create(CultureInfo.InvariantCulture, $"a group of entries that does not follow upon {tree.Size} entries"));
        foreach (CommittedEntry entry in entries) TakeOne(segment, frame, entry);
        TreeHash root = JournalFrame.RootOf(frame.Span);
        if (tree.Root != root) return Malformed(segment, first, "the entries from here on lead to another root than the one that was signed");
        string fault = keys.FaultOf(tree.Size, JournalFrame.Statement(keys.Origin, tree.Size, root), JournalFrame.SignatureOf(frame.Span));
        return fault.Length == 0 || Malformed(segment, first, fault);
    }

    private void TakeOne(Segment segment, ReadOnlyMemory<byte> frame, in CommittedEntry entry)
    {
        ReadOnlyMemory<byte> bytes = frame.Slice(entry.Start, entry.Length);
        CheckedEntry read = new() { Offset = entry.Start, Length = entry.Length, Hash = RecordEntry.HashOf(bytes.Span) };
        read.IsEntry = EntryEnvelope.TryRead(bytes.Span, out read.Envelope);
        BodyReader.Open(ref read, bytes.Span, frame.Span.Slice(entry.BodyStart, entry.BodyLength));
        bool isIntact = _chain.Accept(tree.Size, read, bytes, isProven: true, segment.Path);
        if (read.Body == BodyState.Changed) findings.Add(FindingKind.BodyChanged, segment.Path, tree.Size, "is not what the entry committed to");
        if (isIntact) Taken(bytes, read);
        tree.Append(entry.Leaf);
        Grown();
    }

    private bool Malformed(Segment segment, long index, string fault)
    {
        findings.Add(FindingKind.JournalMalformed, segment.Path, index, fault);
        return false;
    }
}
