using System.Collections.Concurrent;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>A journal in memory that can be told to fail, as a full disk does, and to be slow, as a busy one is.</summary>
internal sealed class RecordingJournal : IJournal
{
    private readonly ConcurrentQueue<JournalEntry> _all = new();
    private TaskCompletionSource<bool>? _held;

    /// <summary>Whether entries are written; otherwise each is refused.</summary>
    public bool IsWritable { get; set; } = true;

    /// <summary>Whether somebody waits for the disk.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Entries of tasks.</summary>
    public IReadOnlyCollection<TaskEntry> Entries => [.. _all.OfType<TaskEntry>()];

    public IReadOnlyCollection<JournalEntry> All => _all;

    /// <summary>From now on nothing is safe until <see cref="LetGo"/> says whether it is.</summary>
    public void HoldBack() => _held = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo(bool isSafe) => _held!.SetResult(isSafe);

    public bool Write(JournalEntry entry)
    {
        if (!IsWritable) return false;
        _all.Enqueue(entry);
        return true;
    }

    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken)
    {
        IsAwaited = _held is not null;
        return _held is { } held ? new ValueTask<bool>(held.Task.WaitAsync(cancellationToken)) : ValueTask.FromResult(true);
    }
}
