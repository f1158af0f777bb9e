using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>What happened to one task lately, numbered without gaps. The task's own lock guards it.</summary>
internal sealed class TaskHistory
{
    /// <summary>Events remembered for each task; older ones are in the log only. Ours: some 40 KiB.</summary>
    public const int MaxEvents = 256;

    private readonly Queue<TaskEvent> _events = [];

    /// <summary>The number of the last one; 0 before the first.</summary>
    public long Last { get; private set; }

    public void Add(Func<long, TaskEvent> create)
    {
        if (_events.Count == MaxEvents) _events.Dequeue();
        _events.Enqueue(create(++Last));
    }

    /// <summary>Those behind <paramref name="after"/> that are remembered, in order.</summary>
    public ImmutableArray<TaskEvent> After(long after) => [.. _events.Where(e => e.Sequence > after)];
}
