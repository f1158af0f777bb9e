using System.Buffers;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>A group of entries that was made safe together: a frame of the journal, and what lies where in it.</summary>
/// <remarks>The frame is of the shared pool, and goes back by <see cref="Return"/>; nobody looks into it afterwards.</remarks>
/// <param name="first">Index of the first entry.</param>
/// <param name="buffer">Holds the frame.</param>
/// <param name="length">Of the frame.</param>
/// <param name="entries">What is in it.</param>
internal sealed class CommittedGroup(long first, byte[] buffer, int length, CommittedEntry[] entries)
{
    public long First => first;

    /// <summary>Index behind the last entry.</summary>
    public long End => first + entries.Length;

    public ReadOnlySpan<byte> Frame => buffer.AsSpan(0, length);

    public ReadOnlySpan<CommittedEntry> Entries => entries;

    public ReadOnlySpan<byte> EntryOf(in CommittedEntry entry) => buffer.AsSpan(entry.Start, entry.Length);

    public ReadOnlySpan<byte> BodyOf(in CommittedEntry entry) => buffer.AsSpan(entry.BodyStart, entry.BodyLength);

    public void Return() => ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
}
