using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Follows the credentials of one task. Take <see cref="Changed"/> first, then ask: so nothing is missed.</summary>
public sealed class TaskCredentialFeed
{
    private readonly TaskService _service;
    private readonly LiveTask _task;
    private readonly TaskCredentialWish _wish;
    private CertifiedKey? _certified;

    internal TaskCredentialFeed(TaskService service, LiveTask task, TaskCredentialWish wish) => (_service, _task, _wish) = (service, task, wish);

    /// <summary>Completes at the next change of the task. Credentials are due besides: see <see cref="TaskCredentialSet.FreshUntil"/>.</summary>
    public Task Changed => _task.Changed.Next;

    /// <summary>The task as it is now.</summary>
    public TaskView Task
    {
        get
        {
            lock (_task.Family.Gate) return _service.ViewOf(_task);
        }
    }

    internal TaskCredentialSet? Hold() => _service.Hold(_task, _wish, ref _certified);

    /// <summary>The credentials of this moment, for the caller to dispose; null while the task has none, or it cannot be written down.</summary>
    public ValueTask<TaskCredentialSet?> HoldAsync(CancellationToken cancellationToken) => _service.HoldAsync(Hold(), cancellationToken);
}
