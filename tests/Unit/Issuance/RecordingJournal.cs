using System.Collections.Concurrent;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>A journal in memory that can be told to fail, as a full disk does.</summary>
internal sealed class RecordingJournal : ITaskJournal
{
    private readonly ConcurrentQueue<TaskEntry> _entries = new();

    /// <summary>Whether entries are written; otherwise each is refused.</summary>
    public bool IsWritable { get; set; } = true;

    public IReadOnlyCollection<TaskEntry> Entries => _entries;

    public bool Write(TaskEntry entry)
    {
        if (!IsWritable) return false;
        _entries.Enqueue(entry);
        return true;
    }
}
