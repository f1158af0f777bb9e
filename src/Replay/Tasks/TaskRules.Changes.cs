using System.Text;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

// What changes a task while it lives: each step is one of the table, and a new generation begins where the table says so and nowhere else.
internal sealed partial class TaskRules
{
    private void OnApproved(in ReplayEntry entry, ReplayedTask task)
    {
        if (task.State != TaskState.PendingApproval)
        {
            if (task.State != TaskState.Active) context.Break(ReplayRule.NotActive, entry.Seq, task, $"an action was agreed to, and the task is {task.State.NameOf()}");
            ExpectSame(entry, task);
            task.Approvals++;
            return;
        }

        Move(entry, task, TaskTrigger.Approve);
        ExpectGeneration(entry, task, task.Generation);
        ExpectIntent(entry, task);
        ExpectParentActive(entry, task);
        RestOn(entry, task);
        task.WasApproved = true;
        Decide(entry, task, isNeeded: true, out TaskVerdict? verdict, maxApprovals: 1);
        if (verdict is not (TaskVerdict.Permit or TaskVerdict.NeedsApproval)) context.Break(ReplayRule.NotPermitted, entry.Seq, task, "it was approved, and policies did not permit it");
    }

    /// <summary>Something was said about the task, and nothing of it changed.</summary>
    private void OnSaid(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectSame(entry, task);
        bool mustBeOver = entry.Kind is RecordKind.Contained or RecordKind.Offboarded;
        if (mustBeOver && task.IsLive) context.Break(ReplayRule.WrongTransition, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)}, and the task is not over: {task.State.NameOf()}");
    }

    private void OnRenewed(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectActive(entry, task);
        RestOn(entry, task);
        ExpectSame(entry, task);
        Decide(entry, task, isNeeded: true, out TaskVerdict? verdict);
        ExpectPermit(entry, task, verdict);
    }

    private void OnReevaluated(in ReplayEntry entry, ReplayedTask task)
    {
        if (!entry.Data.Has(RecordMember.Verdict))
        {
            Rekey(entry, task); // The intent is another: what says that it is for something else counts no more.
            return;
        }

        RestOn(entry, task);
        ExpectSame(entry, task);
        Decide(entry, task, isNeeded: true, out TaskVerdict? verdict, maxApprovals: task.WasApproved ? 1 : 0);
        if (verdict == TaskVerdict.NeedsApproval && (task.WasApproved || task.State == TaskState.PendingApproval)) return;
        ExpectPermit(entry, task, verdict);
    }

    private void OnIntentChanged(in ReplayEntry entry, ReplayedTask task)
    {
        if (task.State is not (TaskState.Active or TaskState.Suspended)) context.Break(ReplayRule.WrongTransition, entry.Seq, task, $"its intent changes, and it is {task.State.NameOf()}");
        task.IntentDigest = entry.Data.Text(RecordMember.IntentS256);
        RestOn(entry, task);
        ExpectSame(entry, task);
        Decide(entry, task, isNeeded: true, out TaskVerdict? verdict);
        ExpectPermit(entry, task, verdict);
    }

    private void OnDeclared(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectSame(entry, task);
        if (entry.Body is { } intent && !string.Equals(CanonicalJson.Digest(Encoding.UTF8.GetBytes(intent)), task.IntentDigest, StringComparison.Ordinal)) context.Break(ReplayRule.WrongIntent, entry.Seq, task, "the intent that is kept has another digest than intent_s256");
    }

    private void OnResumed(in ReplayEntry entry, ReplayedTask task)
    {
        Move(entry, task, TaskTrigger.Resume);
        ExpectParentActive(entry, task);
        RestOn(entry, task);
        Decide(entry, task, isNeeded: true, out TaskVerdict? verdict);
        ExpectPermit(entry, task, verdict);
        Rekey(entry, task);
    }

    private void OnNarrowed(in ReplayEntry entry, ReplayedTask task) => Rekey(entry, task);

    /// <summary>Another generation, with the same grant or less; what the one before held is dead.</summary>
    private void Rekey(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectState(entry, task, task.State);
        ExpectGeneration(entry, task, task.Generation + 1);
        ExpectIntent(entry, task);
        ExpectDecision(entry, task);
        if (!context.Grants.TryRead(entry.Data.Raw(RecordMember.Grants), out AuthorizationDetails? grants)) context.Break(ReplayRule.MalformedEntry, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} does not say what may be done from here on");
        else if (!grants.Equals(task.Grants)) Narrow(entry, task, grants);
        task.Generation = (int)Math.Clamp(entry.Data.Number(RecordMember.Generation) ?? task.Generation + 1, 1, int.MaxValue - 1);
        task.Approvals = 0;
        ExpectDead(entry, task, "it was of a generation that is over");
    }

    /// <summary>What children were given is taken back, and given out anew when all of them have become narrower too.</summary>
    private void Narrow(in ReplayEntry entry, ReplayedTask task, AuthorizationDetails grants)
    {
        FlushEarlySteps(task);
        UseLedger uses = task.Children.Aggregate(task.Uses, static (uses, child) => child.Debit is { } debit ? uses.Reclaim(debit) : uses);
        if (!uses.TryNarrow(grants, out UseLedger? left))
        {
            context.Break(ReplayRule.Widened, entry.Seq, task, $"it may do more than before: {grants.WhyNotWithin(task.Grants) ?? "steps or counts are others"}");
            left = UseLedger.Of(grants);
        }

        (task.Grants, task.Uses, task.Permitted, task.LastStepAsked) = (grants, left, 0, long.MinValue);
        if (task.Children.Count == 0) return;
        foreach (ReplayedTask child in task.Children) child.Debit = null;
        (task.Family.Unsettled ??= []).Add(task);
    }

    /// <summary>Takes the step, if the table has it; the entry must say so.</summary>
    private void Move(in ReplayEntry entry, ReplayedTask task, TaskTrigger trigger)
    {
        TaskState before = task.State;
        if (TaskTransitions.Next(before, trigger) is { } next)
        {
            ExpectState(entry, task, next);
            task.State = TaskStateNames.Find(entry.Data.Utf8(RecordMember.State)) is { } said && said.IsTerminal() == next.IsTerminal() ? said : next;
            return;
        }

        context.Break(ReplayRule.WrongTransition, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} by {trigger}, and it was {before.NameOf()}");
        if (TaskStateNames.Find(entry.Data.Utf8(RecordMember.State)) is { } believed) task.State = believed;
    }

    private void ExpectActive(in ReplayEntry entry, ReplayedTask task)
    {
        if (task.State != TaskState.Active) context.Break(ReplayRule.NotActive, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)}, and it is {task.State.NameOf()}");
    }

    private void ExpectParentActive(in ReplayEntry entry, ReplayedTask task)
    {
        if (task.Parent is { State: not TaskState.Active } parent) context.Break(ReplayRule.ParentNotActive, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)}, and {parent.Id} above it is {parent.State.NameOf()}");
    }

    private void ExpectPermit(in ReplayEntry entry, ReplayedTask task, TaskVerdict? verdict)
    {
        if (verdict != TaskVerdict.Permit) context.Break(ReplayRule.NotPermitted, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)}, and policies said {Decisions.Verdicts.NameOf(verdict)}");
    }
}
