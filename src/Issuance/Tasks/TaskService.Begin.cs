using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// The one step in which a task comes into being, once everything is known that it rests on.
public sealed partial class TaskService
{
    /// <param name="plan">What is known.</param>
    /// <param name="isTaken">Whether the binding belongs to a task from now on, which lets go of it at its end.</param>
    private TaskAnswer Begin(TaskPlan plan, out bool isTaken)
    {
        TaskId id = TaskId.New();
        TaskFamily family = plan.Parent?.Family ?? new TaskFamily(id);
        LiveTask? task, same;
        TaskAnswer refused;
        List<LiveTask> unwritten = [];
        lock (family.Gate)
        {
            task = TryEnter(plan, id, family, out same, out refused);
            if (task is not null && !TryOpen(task, plan))
            {
                refused = TaskAnswer.Refused(TaskRefusal.NotRecorded);
                unwritten = Close(task, TaskTrigger.Revoke, "cannot be written down", RevocationReason.Withdrawn);
            }
        }

        isTaken = task is not null && unwritten.Count == 0;
        if (same is not null) return Same(same, plan.Template, plan.Request); // Of another family, perhaps, so not under this one's gate.
        if (task is null) return refused;
        if (!isTaken)
        {
            _table.ForgetRun(task); // It never was: the next call of this run may try again.
            Offboard(unwritten);
            return refused;
        }

        _uses.Begun(plan.Template);
        _ = WatchAsync(task);
        // Who read the rules anew either found the task in the table, or had swapped them before it came there.
        if (!ReferenceEquals(plan.Rules, _rules)) Reevaluate(task, "rules were read anew");
        if (!task.IsLive) return TaskAnswer.Refused(RefusalOf(task.State), "it is over already: its work, the one above it, or the rules are others by now");
        Announce(task);
        return TaskAnswer.Of(View(task));
    }

    /// <summary>Decides, and enters what is permitted. Nothing is entered when it is refused. Under the family's gate.</summary>
    private LiveTask? TryEnter(TaskPlan plan, TaskId id, TaskFamily family, out LiveTask? same, out TaskAnswer refused)
    {
        (same, refused) = (null, default);
        if (plan.Parent is { } parent && RefuseChild(parent, plan.Template) is { } notBelow)
        {
            refused = notBelow;
            return null;
        }

        GrantMeet meet = GrantMeet.Of(
            plan.Requested,
            new GrantCeiling("the operator", plan.Rules.Templates.Ceiling ?? AuthorizationDetails.Everything),
            new GrantCeiling("the template", plan.Template.Ceiling),
            new GrantCeiling("the parent", plan.Parent?.Uses.Delegable ?? AuthorizationDetails.Everything));
        UseLedger? left = null;
        UseDebit? debit = null;
        bool isNothing = meet.Effective.Items.IsEmpty && !plan.Template.Ceiling.Items.IsEmpty && !plan.Requested.Equals(AuthorizationDetails.None);
        if (isNothing || plan.Parent?.Uses.TryDebit(meet.Effective, out debit, out left) == false)
        {
            refused = TaskAnswer.Refused(TaskRefusal.NothingGranted, string.Join("; ", meet.Dropped.Take(3).Select(dropped => dropped.Reason)));
            return null;
        }

        LiveTask task = Create(plan, id, family, meet);
        task.Decision = Decide(task, ActOf(task), plan.IsAutomatic ? "automatic" : "request");
        refused = task.Decision.IsDenied ? TaskAnswer.Refused(TaskRefusal.PolicyDenied, $"decision {task.Decision.Id}") with { Decision = task.Decision }
            : !_ledger.Open(id.ToString()) ? TaskAnswer.Refused(TaskRefusal.TooMany, "tasks with credentials")
            : default;
        if (refused.Refusal != TaskRefusal.None) return null;
        if (!_table.TryAdd(task, out same, out string full))
        {
            _ledger.EndTasks([id.ToString()], RevocationReason.Withdrawn);
            refused = TaskAnswer.Refused(TaskRefusal.TooMany, full);
            return null;
        }

        _offboarder.Prints.Open(id.ToString());
        if (plan.Parent is { } giving)
        {
            (giving.Uses, task.Debit) = (left!, debit);
            giving.Children.Add(task);
            giving.Subtasks.Add(id);
            family.Size++;
        }

        return task;
    }

    /// <summary>Writes it down, and only then gives it an identity, or puts the question to people. False: it cannot be written. Under the family's gate.</summary>
    private bool TryOpen(LiveTask task, TaskPlan plan)
    {
        bool waits = plan.Template.Approval.ToStart || task.Decision.Verdict == TaskVerdict.NeedsApproval;
        task.State = TaskTransitions.Begin(waits);
        if (waits) task.Clocks = WaitingClocks(task);
        if (!_scribe.Began(task, plan.IsAutomatic ? "automatic" : "request", waits ? "waits for approval" : "", task.Clocks.Deadline - _credentials.Uptime)) return false;
        if (waits) AskApproval(task, "", $"start {plan.Template.Name}: {Encoding.UTF8.GetString(task.Grants.Canonical)}", plan.Rules.Policies.Digest);
        else Activate(task);
        Schedule(task);
        return true;
    }

    private LiveTask Create(TaskPlan plan, TaskId id, TaskFamily family, GrantMeet meet)
    {
        StartTask request = plan.Request;
        TimeSpan now = _credentials.Uptime;
        return new LiveTask
        {
            Id = id,
            SpiffeId = new TaskSpiffeId(plan.Template.Name, id).In(_options.TrustDomain),
            Family = family,
            Parent = plan.Parent,
            Binding = plan.Binding,
            Requester = ProcessIdentity.Of(plan.Caller.Peer!),
            RequesterUserId = plan.Caller.UserId,
            Held = plan.Binding.IsStarting ? SelectorSet.Empty : plan.Template.Starters,
            Subject = plan.Subject,
            Chain = plan.Parent is { } parent ? parent.Chain.Add((parent.SpiffeId, parent.Grants.Digest)) : [],
            Labels = request.Labels,
            IdempotencyKey = request.IdempotencyKey,
            PublicKey = plan.PublicKey,
            IsAutomatic = plan.IsAutomatic,
            StartedAt = _time.GetUtcNow(),
            Supersedes = request.Supersedes,
            Template = plan.Template,
            Clocks = TaskClocks.Start(now, StartRules.LimitsOf(plan.Template.Lifetimes, request), plan.Parent?.Clocks),
            Grants = meet.Effective,
            Uses = UseLedger.Of(meet.Effective),
            Dropped = [.. meet.Dropped.Select(dropped => new DroppedRight(dropped.Detail.ToString(), dropped.Reason))],
            Intent = request.Intent,
            Entities = EntitiesOf(plan, id),
            Executable = StartRules.ExecutableOf(plan.Attested.Selectors) is { Length: > 0 } known && request.ChildProcessId == 0 ? known : _attestor.View(plan.Binding.Process.Peer).Executable ?? "",
        };
    }

    /// <summary>From now on it has an identity. Under the family's gate.</summary>
    private void Activate(LiveTask task)
    {
        GenerationTerms terms = new(task, task.Generation, _credentials);
        task.Identity = new TaskEntitlement(task.SpiffeId, $"task:{task.Id}", task.Template.IsDefaultIdentity, terms);
        task.Cause = "";
        TimeSpan now = _credentials.Uptime;
        TaskLifetimes lifetimes = task.Template.Lifetimes;
        task.RenewAt = lifetimes.Renewal == Renewal.Automatic ? HalfOfLease(task, now) : TimeSpan.MaxValue;
        task.ReattestAt = task.Template.ReattestEvery is { } every ? now + every : null;
    }

    /// <summary>While people think, nothing runs but the end of the question and the deadline.</summary>
    private TaskClocks WaitingClocks(LiveTask task)
    {
        TimeSpan now = _credentials.Uptime, timeout = task.Template.Approval.Timeout, lease = task.Clocks.Lease - now;
        return task.Clocks.Pause(now).Renew(now, timeout > lease ? timeout : lease, task.Parent?.Clocks);
    }

    private TaskAnswer? RefuseChild(LiveTask parent, TaskTemplate template)
    {
        if (parent.State != TaskState.Active) return TaskAnswer.Refused(RefusalOf(parent.State));
        ImmutableArray<string> allowed = parent.Template.SubtaskTemplates;
        bool isAllowed = allowed.IsEmpty ? string.Equals(parent.Template.Name, template.Name, StringComparison.Ordinal) : allowed.Contains(template.Name, StringComparer.Ordinal);
        if (!isAllowed) return TaskAnswer.Refused(TaskRefusal.SubtaskNotAllowed, $"template {parent.Template.Name} names no subtasks of {template.Name}");
        int depth = template.MaxDepth;
        for (LiveTask? above = parent; above is not null; above = above.Parent) depth = Math.Min(depth, above.Template.MaxDepth);
        if (parent.Depth + 1 > depth) return TaskAnswer.Refused(TaskRefusal.SubtaskNotAllowed, $"at most {depth} levels of subtasks");
        if (parent.Children.Count >= parent.Template.MaxChildren) return TaskAnswer.Refused(TaskRefusal.TooMany, $"at most {parent.Template.MaxChildren} subtasks at once");
        if (parent.Family.Size >= _options.MaxFamily) return TaskAnswer.Refused(TaskRefusal.TooMany, $"at most {_options.MaxFamily} tasks of one root");
        return null;
    }
}
