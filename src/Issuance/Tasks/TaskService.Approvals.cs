using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks;

// Questions to people: bound to what they are about, answered by another than who asked, and no in the end.
public sealed partial class TaskService
{
    /// <summary>Agrees to what an approval asks for: the start of a task, by its id, or an action, by the approval's.</summary>
    public async ValueTask<TaskAnswer> ApproveAsync(Operator by, string id, CancellationToken cancellationToken) => await Settled(Approve(by, id), cancellationToken);

    internal TaskAnswer Approve(Operator by, string id)
    {
        (LiveTask? task, TaskApproval approval) = FindQuestion(id);
        if (task is null) return TaskAnswer.Refused(TaskRefusal.NotYours, "no such approval: it was answered, has timed out, or is void");
        TaskView view;
        lock (task.Family.Gate)
        {
            if (RefuseApprover(task, by) is { } refused) return refused;
            if (!task.Approvals.Contains(approval) || approval.Given is not null || _credentials.Uptime >= approval.ExpiresAtUptime) return TaskAnswer.Refused(TaskRefusal.ApprovalVoid, "it was answered or has timed out");
            TaskRules rules = _rules;
            if (!approval.IsBoundTo(task, rules.Policies.Digest))
            {
                task.Approvals.Remove(approval);
                return TaskAnswer.Refused(TaskRefusal.ApprovalVoid, "what it was about has changed: the grant, the template or the policies");
            }

            if (!approval.IsToStart)
            {
                if (!_scribe.Note(task, TaskEntryKind.Approved, by.ToString(), "", entry => entry with { Words = approval.Question })) return TaskAnswer.Refused(TaskRefusal.NotRecorded);
                approval.Given = (by, _credentials.Uptime + task.Template.Approval.Validity);
            }
            else if (Begin(task, approval, by) is { } void_)
            {
                return void_;
            }

            Schedule(task);
            view = ViewOf(task);
        }

        Announce(task);
        return TaskAnswer.Of(view);
    }

    /// <summary>Says no. A task that waits to start is over with that; an action is not permitted.</summary>
    public TaskAnswer Deny(Operator by, string id, string reason)
    {
        (LiveTask? task, TaskApproval approval) = FindQuestion(id);
        if (task is null) return TaskAnswer.Refused(TaskRefusal.NotYours, "no such approval: it was answered, has timed out, or is void");
        if (approval.IsToStart)
        {
            return End(task, TaskTrigger.Deny, $"denied by {by}", RevocationReason.Withdrawn, words: ActionRules.Shown(reason)) ? TaskAnswer.Of(View(task)) : TaskAnswer.Refused(RefusalOf(task.State));
        }

        lock (task.Family.Gate)
        {
            if (!task.Approvals.Remove(approval)) return TaskAnswer.Refused(TaskRefusal.ApprovalVoid, "it was answered or has timed out");
            _scribe.Note(task, TaskEntryKind.Denied, by.ToString(), "", entry => entry with { Words = reason.Length == 0 ? approval.Question : $"{approval.Question}: {ActionRules.Shown(reason)}" });
            Schedule(task);
        }

        Announce(task);
        return TaskAnswer.Of(View(task));
    }

    /// <summary>A task that was agreed to begins: if its process still is what it was, and policy, which now knows of the approval, permits it. Under the family's gate.</summary>
    private TaskAnswer? Begin(LiveTask task, TaskApproval approval, Operator by)
    {
        if (task.Binding.Look() != PinChange.None) return TaskAnswer.Refused(TaskRefusal.ProcessChanged, "its process is no longer what it was");
        if (TaskTransitions.Next(task.State, TaskTrigger.Approve) != TaskState.Active) return TaskAnswer.Refused(RefusalOf(task.State));
        if (task.Parent is { State: not TaskState.Active }) return TaskAnswer.Refused(TaskRefusal.WrongState, "the task above it is not active");
        TaskDecision decision = Decide(task, ActOf(task), "approval", approvals: 1);
        if (decision.IsDenied) return TaskAnswer.Refused(TaskRefusal.PolicyDenied);
        (TaskState before, TaskDecision asked) = (task.State, task.Decision);
        (task.State, task.Decision) = (TaskState.Active, decision);
        if (!_scribe.Note(task, TaskEntryKind.Approved, by.ToString(), "it may begin", decision))
        {
            (task.State, task.Decision) = (before, asked);
            return TaskAnswer.Refused(TaskRefusal.NotRecorded);
        }

        task.Approvals.Remove(approval);
        task.WasApproved = true;
        TimeSpan now = _credentials.Uptime;
        task.Clocks = task.Clocks.Continue(now).Renew(now, task.Template.Lifetimes.Lease, task.Parent?.Clocks);
        Activate(task);
        return null;
    }

    /// <summary>Puts a question to people; the same one again is the same question. Null: there are too many. Under the family's gate.</summary>
    private TaskApproval? AskApproval(LiveTask task, string actionDigest, string question, string policyDigest)
    {
        TimeSpan now = _credentials.Uptime;
        DropOverdueQuestions(task, now);
        if (task.Approvals.Find(a => a.Given is null && string.Equals(a.ActionDigest, actionDigest, StringComparison.Ordinal) && a.IsBoundTo(task, policyDigest)) is { } asked) return asked;
        task.Approvals.RemoveAll(a => !a.IsBoundTo(task, policyDigest));
        if (task.Approvals.Count >= TaskApproval.MaxPerTask) return null;
        TimeSpan timeout = task.Template.Approval.Timeout;
        TaskApproval approval = new()
        {
            Id = NewId(),
            ActionDigest = actionDigest,
            Generation = task.Generation,
            GrantDigest = task.Grants.Digest,
            PolicyDigest = policyDigest,
            Template = task.Template,
            Question = question,
            ExpiresAt = _time.GetUtcNow() + timeout,
            ExpiresAtUptime = now + timeout,
        };
        task.Approvals.Add(approval);
        return approval;
    }

    private TaskAnswer? RefuseApprover(LiveTask task, Operator by)
    {
        if (by.UserId == task.RequesterUserId || by.UserId == task.Binding.Process.Peer.UserId) return TaskAnswer.Refused(TaskRefusal.MayNotApprove, $"uid {by.UserId} asked for it: another must agree");
        return task.Template.Approval.Approvers is { IsEmpty: false } named && !named.Contains(by.UserId)
            ? TaskAnswer.Refused(TaskRefusal.MayNotApprove, $"uid {by.UserId} is not among the approvers of template {task.Template.Name}")
            : null;
    }

    private (LiveTask? Task, TaskApproval Approval) FindQuestion(string id)
    {
        LiveTask? named = FindOne(id); // A beginning that several tasks have names none of them.
        foreach (LiveTask task in _table.All)
        {
            if (!task.IsLive) continue;
            lock (task.Family.Gate)
            {
                if (task.Approvals.Find(a => string.Equals(a.Id, id, StringComparison.Ordinal) || (task == named && a.IsToStart)) is { } found) return (task, found);
            }
        }

        return (null, null!);
    }
}
