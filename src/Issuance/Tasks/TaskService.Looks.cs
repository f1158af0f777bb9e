using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// What happens without anybody asking: clocks, changed processes, rules that were read anew.
public sealed partial class TaskService
{
    /// <summary>Between two renewals of one lease: halves of halves come to nothing. Ours.</summary>
    private static readonly TimeSpan ShortestRenewal = TimeSpan.FromSeconds(1);

    /// <summary>Other templates, policies or ceiling from now on. Every live task is decided anew by them: it goes on, narrower or as before, or is revoked.</summary>
    public void Reload(TaskRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
        foreach (LiveTask task in _table.All.Where(task => task.IsLive).OrderBy(task => task.Depth).ToArray()) Reevaluate(task, "rules were read anew");
    }

    /// <summary>The kernel says that this process has become another program or another user. Quick for who has no task.</summary>
    private void OnProcessChanged(int processId)
    {
        if (_table.Of(processId) is not { IsEmpty: false } tasks) return;
        foreach (LiveTask task in tasks) ThreadPool.UnsafeQueueUserWorkItem(static x => x.Service.LookAt(x.Task), (Service: this, Task: task), preferLocal: false);
    }

    /// <summary>The agenda says that the task's moment has come.</summary>
    private void OnDue(LiveTask task)
    {
        TimeSpan now = _credentials.Uptime;
        TaskTrigger? clock;
        bool isLease, isInterval;
        lock (task.Family.Gate)
        {
            if (!task.IsLive) return;
            DropOverdueQuestions(task, now);
            bool isUnanswered = task.State == TaskState.PendingApproval && !task.Approvals.Exists(approval => approval.IsToStart);
            clock = isUnanswered ? TaskTrigger.ApprovalTimedOut : TriggerOf(task.Clocks.Due(now));
            if (task.State == TaskState.Suspended && clock is null && now >= task.RenewAt) KeepWaiting(task, now);
            bool mayRenew = task is { State: TaskState.Active, IsRenewing: false };
            (isLease, isInterval) = (mayRenew && now >= task.RenewAt, mayRenew && now >= task.ReattestAt);
            task.IsRenewing |= isLease || isInterval;
            // Should it fail, it is tried again at the next look, not at once: what succeeds moves both on.
            if (isLease) task.RenewAt = now + Min(_options.LookEvery, (task.Clocks.Lease - now) / 4);
            if (isInterval) task.ReattestAt = now + _options.LookEvery;
        }

        if (clock is { } ended)
        {
            End(task, ended, ended.ToString(), RevocationReason.Expired);
            return;
        }

        LookAt(task);
        if (isLease || isInterval) _ = RenewInBackgroundAsync(task, isLease);
        lock (task.Family.Gate) Schedule(task);
    }

    /// <summary>Who waits for people holds nothing, and need not renew: its lease goes on to the deadline. Under the family's gate.</summary>
    private static void KeepWaiting(LiveTask task, TimeSpan now)
    {
        task.Clocks = task.Clocks.Renew(now, task.Template.Lifetimes.Lease, task.Parent?.Clocks);
        task.RenewAt = HalfOfLease(task, now);
    }

    /// <summary>When the lease is to be renewed: never, when it reaches to the deadline.</summary>
    private static TimeSpan HalfOfLease(LiveTask task, TimeSpan now)
    {
        if (task.Clocks.Lease >= task.Clocks.Deadline) return TimeSpan.MaxValue;
        TimeSpan half = (task.Clocks.Lease - now) / 2;
        return now + (half > ShortestRenewal ? half : ShortestRenewal);
    }

    /// <summary>Renews or looks again for work that cannot ask. What fails is tried again at the next look, and the lease ends in any case.</summary>
    private async Task RenewInBackgroundAsync(LiveTask task, bool isLease)
    {
        try
        {
            await RenewAsync(task, null, isLease ? "renewal" : "interval", moveLease: isLease, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever it is: the lease was not moved, and so it ends.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFault(task.Id.ToString(), failure);
        }
        finally
        {
            Attested(task);
        }
    }

    /// <summary>It is not being attested any more. What became due meanwhile is done now.</summary>
    private void Attested(LiveTask task)
    {
        bool isDue;
        lock (task.Family.Gate)
        {
            task.IsRenewing = false;
            TimeSpan now = _credentials.Uptime;
            isDue = task.State == TaskState.Active && (now >= task.RenewAt || now >= task.ReattestAt);
            Schedule(task);
        }

        if (isDue) OnDue(task);
    }

    private void LookAt(LiveTask task)
    {
        if (!task.IsLive || task.Binding.IsStarting) return;
        PinChange change = task.Binding.Look();
        if (change is not (PinChange.None or PinChange.Exited)) OnChanged(task, change);
    }

    /// <summary>The process is no longer what it was. That it has exited is heard elsewhere, with how.</summary>
    private void OnChanged(LiveTask task, PinChange change)
    {
        if (change == PinChange.Exited) return;
        string cause = $"its process has changed: {change}";
        switch (task.Template.OnChange)
        {
            case ChangeResponse.Revoke:
                End(task, TaskTrigger.Revoke, cause, RevocationReason.Withdrawn);
                break;
            case ChangeResponse.Reattest when !change.HasFlag(PinChange.Credentials):
                _ = ReattestAsync(task, change.ToString(), cause);
                break;
            default:
                Suspend(task, change.ToString(), cause);
                break;
        }
    }

    /// <summary>Another program, or another cgroup, may go on with the task if it holds what the template asks, and policy permits it; otherwise it is suspended. Until that is known nothing is given to it.</summary>
    private async Task ReattestAsync(LiveTask task, string trigger, string cause)
    {
        lock (task.Family.Gate)
        {
            if (task.State != TaskState.Active || task.IsRenewing) return;
            task.IsRenewing = true;
        }

        try
        {
            // What is attested is what it is held to: what it becomes behind this reading shows.
            ProcessPin? reading = task.Binding.Reading();
            bool isSame = reading is not null && await AttestAnewAsync(task, trigger, CancellationToken.None) is null && task.Binding.HoldTo(reading);
            if (isSame) Reevaluate(task, trigger);
            else Suspend(task, trigger, cause);
            if (isSame) Announce(task);
        }
#pragma warning disable CA1031 // Whatever it is: it was not found to be what it must be.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFault(task.Id.ToString(), failure);
            Suspend(task, trigger, cause);
        }
        finally
        {
            Attested(task);
        }
    }

    /// <summary>Decides anew what was decided before. Outcome: goes on, narrower, suspended, or revoked.</summary>
    private void Reevaluate(LiveTask task, string trigger)
    {
        string? revoked = null, suspended = null;
        bool narrowed = false;
        lock (task.Family.Gate)
        {
            if (!task.IsLive) return;
            TaskRules rules = _rules; // Of two who read them anew, whoever comes last to this task knows the last ones.
            if (rules.Templates.Find(task.Template.Name) is not { Class: TemplateClass.Task } template) revoked = "its template is retired";
            else
            {
                bool isForIt = template.Starters.IsSubsetOf(task.Entities.Facts.Selectors);
                bool losesAudiences = task.Template.Audiences.Except(template.Audiences, StringComparer.Ordinal).Any();
                task.Template = template;
                if (task.Held.Count > 0) task.Held = template.Starters;
                GrantMeet meet = GrantMeet.Of(task.Grants, new GrantCeiling("the operator", rules.Templates.Ceiling ?? AuthorizationDetails.Everything), new GrantCeiling("the template", template.Ceiling));
                narrowed = Narrow(task, meet, trigger);
                if (!narrowed && losesAudiences) narrowed = Rekey(task, TaskEntryKind.Narrowed, trigger, "audiences");
                TaskDecision decision = Decide(task, ActOf(task), trigger, approvals: task.WasApproved ? 1 : 0);
                // What was attested with its parent, or is a cgroup, cannot prove by itself what is asked for now.
                if (!isForIt && (task.Held.Count == 0 || task.Binding.CoversCgroup)) revoked = "its template is not for it any more";
                else if (decision.IsDenied) revoked = "policy does not permit it any more";
                else if (!isForIt) suspended = "its template asks for evidence that it has not shown";
                else if (decision.Verdict == TaskVerdict.NeedsApproval && !task.WasApproved && task.State != TaskState.PendingApproval) suspended = "policy asks for approval now";
                else
                {
                    task.Decision = decision;
                    _scribe.Note(task, TaskEntryKind.Reevaluated, trigger, narrowed ? "narrower" : "as before", decision);
                }
            }
        }

        if (revoked is not null) End(task, TaskTrigger.PolicyDenies, revoked, RevocationReason.Withdrawn);
        else if (suspended is not null) Suspend(task, trigger, suspended, mayResumeItself: true);
        else if (narrowed)
        {
            _forgetEnded();
            AnnounceNarrowed(task);
        }
    }

    private static TaskTrigger? TriggerOf(TaskClock? clock) => clock switch
    {
        TaskClock.Deadline => TaskTrigger.DeadlineReached,
        TaskClock.Lease => TaskTrigger.LeaseExpired,
        TaskClock.Active => TaskTrigger.ActiveExpired,
        TaskClock.Idle => TaskTrigger.IdleExpired,
        _ => null,
    };

    private static TimeSpan Min(TimeSpan x, TimeSpan y) => x < y ? x : y;

    private void DropOverdueQuestions(LiveTask task, TimeSpan now) =>
        task.Approvals.RemoveAll(approval => now >= (approval.Given?.UsableUntil ?? approval.ExpiresAtUptime));
}
