using System.Text;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;

namespace Spiffe.Agent.Issuance.Tasks;

// What is shown of tasks.
public sealed partial class TaskService
{
    /// <summary>Follows a task of the caller: by its worker, or by who asked for it.</summary>
    public async ValueTask<(TaskWatch? Watch, TaskAnswer Refused)> WatchAsync(Caller caller, string taskId, CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return (null, refused);
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: true, out LiveTask? task);
        return task is null ? (null, TaskAnswer.Refused(refusal)) : (new TaskWatch(task, View), default);
    }

    /// <summary>Under the family's gate.</summary>
    internal TaskView ViewOf(LiveTask task) => new()
    {
        Id = task.Id,
        SpiffeId = task.SpiffeId,
        Template = task.Template.Name,
        Owner = task.Template.Owner,
        Purpose = task.Template.Purpose,
        State = task.State,
        Generation = task.Generation,
        Cause = task.Cause,
        Grants = Encoding.UTF8.GetString(task.Grants.Canonical),
        Dropped = task.Dropped,
        StartedAt = task.StartedAt,
        LeaseUntil = WallOf(task.Clocks.Lease),
        Deadline = WallOf(task.Clocks.Deadline),
        IdleUntil = task.Clocks.IdleUntil is { } idle ? WallOf(idle) : null,
        EndedAt = task.EndedAt,
        LastUsedAt = task.LastUsedAt,
        DecisionId = task.Decision.Id,
        PolicyDigest = task.Decision.PolicyDigest,
        DecidingPolicies = task.Decision.Reasons,
        IntentDigest = task.Intent.Digest,
        Goal = task.Intent.Goal,
        Ticket = task.Intent.Ticket,
        Parent = task.Parent?.Id,
        Correlation = task.Family.Root,
        Depth = task.Depth,
        Chain = [.. task.Chain.Select(link => link.Id.ToString())],
        Children = [.. task.Subtasks],
        BoundTo = task.Binding.Shown,
        ProcessId = task.Binding.Process.Peer.ProcessId,
        UserId = task.Binding.Process.Peer.UserId,
        Executable = task.Executable,
        Subject = task.Subject is { } subject ? $"{subject.Issuer} {subject.Subject}" : "",
        Labels = task.Labels,
        IsAutomatic = task.IsAutomatic,
        Approval = task.Approvals.Find(approval => approval.Given is null)?.View,
        OpenApprovals = [.. task.Approvals.Where(approval => approval.Given is null).Select(approval => approval.View)],
        Rights = RightsOf(task),
        Credentials = [.. _ledger.CredentialsOf(task.Id.ToString()).Select(c => new CredentialView(c.Kind.ToString(), c.Id, c.ExpiresAt, c.Generation))],
        Withheld = task.Withheld,
        Receipt = task.Receipt,
    };

    /// <summary>A moment of the clock that counts sleep, as people's clocks show it now.</summary>
    private DateTimeOffset WallOf(TimeSpan uptime) => _time.GetUtcNow() + (uptime - _credentials.Uptime);
}
