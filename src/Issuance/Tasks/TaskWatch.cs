using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Follows one task. Take <see cref="Changed"/> first, then ask: so nothing is missed.</summary>
public sealed class TaskWatch
{
    private readonly LiveTask _task;
    private readonly Func<LiveTask, TaskView> _view;

    internal TaskWatch(LiveTask task, Func<LiveTask, TaskView> view) => (_task, _view) = (task, view);

    /// <summary>Completes at the next change.</summary>
    public Task Changed => _task.Changed.Next;

    /// <summary>As it is now.</summary>
    public TaskView Now => _view(_task);

    /// <summary>Whether it is over, and it is known whether anything of it remains: nothing follows but what <see cref="After"/> still gives.</summary>
    public bool IsOver => !_task.IsLive && _task.Receipt?.Check.State != OffboardingState.Running;

    /// <summary>Events behind this number, in order, as far as they are remembered.</summary>
    public ImmutableArray<TaskEvent> After(long sequence)
    {
        lock (_task.Family.Gate) return _task.History.After(sequence);
    }
}
