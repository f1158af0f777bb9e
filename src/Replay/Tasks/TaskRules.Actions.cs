using System.Collections.Immutable;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Replay.Tasks;

// Actions: permitted to who is at work, granted, no more often than counted and in their order, decided, and agreed to where that was asked for.
internal sealed partial class TaskRules
{
    private void OnPermitted(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectActive(entry, task);
        ExpectSame(entry, task, isOwnDecision: true);
        UseToken(entry, task);
        RecordedQuestion? question = Decide(entry, task, isNeeded: true, out TaskVerdict? verdict, maxApprovals: Math.Min(task.Approvals, 1));
        if (verdict is not (TaskVerdict.Permit or TaskVerdict.NeedsApproval)) context.Break(ReplayRule.NotPermitted, entry.Seq, task, $"the action was permitted, and policies said {Decisions.Verdicts.NameOf(verdict)}");
        if (verdict == TaskVerdict.NeedsApproval || question?.Approvals > 0)
        {
            if (task.Approvals == 0) context.Break(ReplayRule.NotApproved, entry.Seq, task, "the action was permitted, and nobody had agreed to it");
            else task.Approvals--; // One approval, one step.
        }

        task.Permitted++;
        if (question?.Action is { } action) UseRight(entry, task, action, question.Time);
        else UseSomeRight(entry, task);
    }

    private void OnWithheld(in ReplayEntry entry, ReplayedTask task)
    {
        ExpectSame(entry, task, isOwnDecision: true);
        ReadOnlySpan<byte> cause = entry.Data.Utf8(RecordMember.Cause);
        if (cause.SequenceEqual("Unavailable"u8) || cause.SequenceEqual("Suspended"u8) || cause.SequenceEqual("Revoked"u8)) task.Family.IsLeastCount = true; // It may have been counted, and its token did not leave.
        if (entry.Data.Has(RecordMember.Verdict)) Decide(entry, task, isNeeded: true, out _, maxApprovals: Math.Min(task.Approvals, 1));
    }

    /// <summary>The token of the action, which is issued by this. Logs of before 2026-11-22 have an entry of its own for that: then it is of this task and generation, alive, and of no other action.</summary>
    private void UseToken(in ReplayEntry entry, ReplayedTask task)
    {
        Span<char> buffer = stackalloc char[CredentialBook.MaxName];
        if (!TryName(entry, task, buffer, out ReadOnlySpan<char> name)) return;
        if (!name.StartsWith(ActionToken, StringComparison.Ordinal)) context.Break(ReplayRule.MalformedEntry, entry.Seq, task, $"{name} is no token for an action");
        if (!context.Credentials.TryFind(name, out ReplayedCredential? token)) token = Enter(entry, task, name.ToString(), task.Generation, isDead: false);
        else if (token.Task != task || token.IsPermitted) context.Break(ReplayRule.CredentialReused, entry.Seq, task, $"{name} is the token of another action");
        else if (token.IsDead || token.Generation != task.Generation) context.Break(ReplayRule.DeadCredential, entry.Seq, task, $"{name} is the token of the action, and was revoked before");
        else if (token.ExpiresAt != entry.Data.Time(RecordMember.ExpiresAt)) context.Break(ReplayRule.MalformedEntry, entry.Seq, task, $"{name} was issued with another expiry");
        if (token is not null) token.IsPermitted = true;
    }

    /// <summary>Uses the right that the question asked for.</summary>
    private void UseRight(in ReplayEntry entry, ReplayedTask task, ActionQuestion action, long asked)
    {
        if (!IsText(entry.Data.Utf8(RecordMember.Action), action.Action) || !IsText(entry.Data.Utf8(RecordMember.Audience), action.Audience ?? "")) context.Break(ReplayRule.NotTheQuestion, entry.Seq, task, $"what was asked is about {action.Action} for {action.Audience}");
        GrantFinding finding = task.Grants.Find(action);
        if (!finding.IsGranted)
        {
            context.Break(ReplayRule.NotGranted, entry.Seq, task, $"{action.Action} was permitted, and is not granted: {finding.ClosestMiss?.Reason ?? "nothing is granted"}");
            return;
        }

        // The clock is looked at once for the right and once for the question, which may be of the next second.
        DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(asked, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())) - TimeSpan.FromSeconds(1);
        UseOutcome outcome = task.Uses.TryUse(finding.Granting, at, out UseLedger next, out int right);
        switch (outcome)
        {
            case UseOutcome.Counted:
                task.Uses = next;
                if (task.Grants.Items[right].Constraints.Order is not null) TookStep(task, asked);
                break;
            case UseOutcome.OutOfOrder:
                TakeEarly(entry, task, finding.Granting, at, asked);
                break;
            case UseOutcome.Expired:
                context.Break(ReplayRule.NotGranted, entry.Seq, task, $"{action.Action} was permitted, and the right had ended");
                break;
            default:
                context.Break(ReplayRule.TooManyUses, entry.Seq, task, $"{action.Action} was permitted, and every use that was granted is spent or handed on");
                break;
        }
    }

    /// <summary>Uses a right of which only names are left: something must grant those, and all together may be used no more often than all rights.</summary>
    private void UseSomeRight(in ReplayEntry entry, ReplayedTask task)
    {
        task.Family.IsLeastCount = true;
        string action = entry.Data.Text(RecordMember.Action), audience = entry.Data.Text(RecordMember.Audience);
        ImmutableArray<AuthorizationDetail> rights = task.Grants.Items;
        if (!rights.Any(right => right.Actions.Allows(action) && right.Audiences.Allows(audience))) context.Break(ReplayRule.NotGranted, entry.Seq, task, $"{action} for {audience} was permitted, and nothing of that name is granted");
        else if (rights.All(right => right.Constraints.MaxUses is not null) && task.Permitted > rights.Sum(right => right.Constraints.MaxUses!.Value)) context.Break(ReplayRule.TooManyUses, entry.Seq, task, $"{action} was permitted, and every use that was granted is spent");
    }

    /// <summary>Permissions are written down when their token is signed. A step that is there before the one below it counts once that is there; one that is there behind a higher one was asked for before it.</summary>
    private void TakeEarly(in ReplayEntry entry, ReplayedTask task, ImmutableArray<int> granting, DateTimeOffset at, long asked)
    {
        if (asked <= task.LastStepAsked) return;
        task.EarlySteps ??= [];
        if (task.EarlySteps.Count < GrantLimits.MaxStep) task.EarlySteps.Add(new EarlyStep(entry.Seq, granting, at));
        else context.Break(ReplayRule.StepOutOfOrder, entry.Seq, task, "a step was taken before its turn");
    }

    private static void TookStep(ReplayedTask task, long asked)
    {
        task.LastStepAsked = Math.Max(task.LastStepAsked, asked);
        if (task.EarlySteps is not { } early) return;
        for (int i = 0; i < early.Count; i++)
        {
            if (task.Uses.TryUse(early[i].Granting, early[i].At, out UseLedger next, out _) != UseOutcome.Counted) continue;
            task.Uses = next;
            early.RemoveAt(i);
            i = -1; // It may have opened the way for one before it.
        }
    }

    /// <summary>Nothing comes any more that opens the way for these.</summary>
    private void FlushEarlySteps(ReplayedTask task)
    {
        if (task.EarlySteps is not { } early) return;
        foreach (EarlyStep step in early)
        {
            if (task.Family.IsLeastCount) context.Remark(ReplayRule.StepOutOfOrder, step.Seq, task.Id, "a step seems to have been taken before its turn; the log does not show every use");
            else context.Break(ReplayRule.StepOutOfOrder, step.Seq, task, "a step was taken before its turn, or after a later one");
        }

        task.EarlySteps = null;
    }
}
