namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>A group of entries that was made safe together: a frame of the journal, and what lies where in it.</summary>
/// <remarks>The frame's memory goes back by <see cref="Return"/>, once; nobody looks into it afterwards.</remarks>
/// <param name="first">Index of the first entry.</param>
/// <param name="memory">The frame.</param>
/// <param name="entries">What is in it.</param>
internal sealed class CommittedGroup(long first, FrameMemory memory, CommittedEntry[] entries)
{
    public long First => first;

    /// <summary>Index behind the last entry.</summary>
    public long End => first + entries.Length;

    public ReadOnlySpan<byte> Frame => memory.Span;

    public ReadOnlySpan<CommittedEntry> Entries => entries;

    public ReadOnlySpan<byte> EntryOf(in CommittedEntry entry) => memory.Span.Slice(entry.Start, entry.Length);

    public ReadOnlySpan<byte> BodyOf(in CommittedEntry entry) => memory.Span.Slice(entry.BodyStart, entry.BodyLength);

    public void Return() => memory.Return();
}
