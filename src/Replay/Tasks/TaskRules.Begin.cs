using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Policies;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

// How tasks begin: under an id of their own, by a template and within it, below a task that is at work and within that.
internal sealed partial class TaskRules
{
    private void OnStarted(in ReplayEntry entry, TaskKey key)
    {
        string id = entry.Data.Text(RecordMember.Task);
        if (context.Tasks.TryFind(key, out _) || context.Tasks.IsOver(key) || context.Tasks.IsNotJudged(key))
        {
            context.Break(ReplayRule.TaskIdReused, entry.Seq, id, "a task begins under an id that there was before");
            return;
        }

        if (!TryFindParent(entry, id, out ReplayedTask? parent, out bool isJudged)) return;
        bool isTooMuch = isJudged && (context.Tasks.IsFull || parent?.Depth >= ReplayLimits.MaxDepth);
        if (isTooMuch) context.Remark(ReplayRule.TooMuch, entry.Seq, id, $"more than {ReplayLimits.MaxTasks} tasks at once, or {ReplayLimits.MaxDepth} above one another: this one is not judged");
        if (isTooMuch || !isJudged)
        {
            context.Tasks.DoNotJudge(key);
            return;
        }

        if (!context.Grants.TryRead(entry.Data.Raw(RecordMember.Grants), out AuthorizationDetails? grants) || entry.Data.Time(RecordMember.Deadline) is not { } deadline)
        {
            context.Break(ReplayRule.MalformedEntry, entry.Seq, id, "a task begins without a deadline, or without grants in canonical form");
            context.Tasks.DoNotJudge(key);
            return;
        }

        if (parent is not null) Follow(entry, parent);
        ReplayedTask task = new()
        {
            Key = key,
            Id = id,
            Family = parent?.Family ?? new ReplayedFamily(key),
            Parent = parent,
            StartedSeq = entry.Seq,
            StartedAt = entry.At,
            Deadline = deadline,
            ClockAtStart = context.ClockSet,
            Template = entry.Data.Text(RecordMember.Template),
            Owner = entry.Data.Text(RecordMember.Owner),
            Subject = entry.Data.Text(RecordMember.Subject),
            Grants = grants,
            Uses = UseLedger.Of(grants),
            IntentDigest = entry.Data.Text(RecordMember.IntentS256),
        };
        RestOn(entry, task);
        CheckBeginning(entry, task);
        CheckTemplate(entry, task);
        if (parent is not null) CheckChild(entry, task, parent);
        context.Tasks.Begin(task);
        Decide(entry, task, isNeeded: true, out _);
    }

    private bool TryFindParent(in ReplayEntry entry, string id, out ReplayedTask? parent, out bool isJudged)
    {
        (parent, isJudged) = (null, true);
        if (!entry.Data.Has(RecordMember.Parent)) return true;
        if (!TaskKey.TryParse(entry.Data.Utf8(RecordMember.Parent), out TaskKey above))
        {
            context.Break(ReplayRule.MalformedEntry, entry.Seq, id, "parent is not the id of a task");
            return false;
        }

        if (context.Tasks.TryFind(above, out parent)) return true;
        if (context.MayBeUnknown || context.Tasks.IsNotJudged(above)) isJudged = false;
        else context.Break(ReplayRule.ParentNotActive, entry.Seq, id, $"it begins below {entry.Data.Text(RecordMember.Parent)}, which {(context.Tasks.IsOver(above) ? "is over" : "never began")}");
        return true;
    }

    private void CheckBeginning(in ReplayEntry entry, ReplayedTask task)
    {
        TaskVerdict? verdict = Decisions.Verdicts.Of(entry.Data.Utf8(RecordMember.Verdict));
        TaskState? state = TaskStateNames.Find(entry.Data.Utf8(RecordMember.State));
        if (verdict is not (TaskVerdict.Permit or TaskVerdict.NeedsApproval)) context.Break(ReplayRule.NotPermitted, entry.Seq, task, $"it begins, and policies said {Decisions.Verdicts.NameOf(verdict)}");
        if (state == TaskState.Active && verdict == TaskVerdict.NeedsApproval) context.Break(ReplayRule.NotApproved, entry.Seq, task, "it begins at work, and policies asked for approval");
        if (state is not (TaskState.Active or TaskState.PendingApproval)) context.Break(ReplayRule.WrongTransition, entry.Seq, task, $"it begins as {entry.Data.Text(RecordMember.State)}");
        task.State = state is { } known && !known.IsTerminal() ? known : TaskState.Active;
        ExpectGeneration(entry, task, 1);
        if (!TaskKey.TryParse(entry.Data.Utf8(RecordMember.Root), out TaskKey root) || root != task.Family.Root) context.Break(ReplayRule.MalformedEntry, entry.Seq, task, "root is not the root above it");
        if (task.Deadline <= entry.At) context.Break(ReplayRule.BehindDeadline, entry.Seq, task, "it begins behind its deadline");
    }

    private void CheckTemplate(in ReplayEntry entry, ReplayedTask task)
    {
        if (!context.Templates.IsKnown) return;
        LoadedTemplate[] loaded = [.. context.Templates.Find(task.Template, entry.At)];
        if (!Array.Exists(loaded, template => template.IsForTasks && string.Equals(template.Owner, task.Owner, StringComparison.Ordinal))) context.Break(ReplayRule.UnknownTemplate, entry.Seq, task, $"no template {task.Template} of {task.Owner} was loaded for tasks");
        else if (!Array.Exists(loaded, template => template.Ceiling is null || task.Grants.IsWithin(template.Ceiling))) context.Break(ReplayRule.NotWithinTemplate, entry.Seq, task, $"it may do more than template {task.Template} allows: {task.Grants.WhyNotWithin(loaded[0].Ceiling!)}");
    }

    private void CheckChild(in ReplayEntry entry, ReplayedTask task, ReplayedTask parent)
    {
        if (parent.State != TaskState.Active) context.Break(ReplayRule.ParentNotActive, entry.Seq, task, $"it begins below {parent.Id}, which is {parent.State.NameOf()}");
        if (IsBehind(task.Deadline, entry.At, parent)) context.Break(ReplayRule.BehindDeadline, entry.Seq, task, $"its deadline is behind that of {parent.Id}, which is above it");
        if (parent.IsLive) Hand(entry.Seq, task, parent);
    }

    /// <summary>Takes the counted uses of a child out of what the one above it has left.</summary>
    private void Hand(long seq, ReplayedTask child, ReplayedTask parent)
    {
        if (parent.Uses.TryDebit(child.Grants, out UseDebit? debit, out UseLedger next))
        {
            (child.Debit, parent.Uses) = (debit, next);
            return;
        }

        string why = child.Grants.WhyNotWithin(parent.Grants) ?? "the uses that it was given are spent or handed on";
        if (parent.Family.IsLeastCount && child.Grants.IsWithin(parent.Grants)) return; // Fewer uses are known than were made: what fits what is divided otherwise.
        context.Break(ReplayRule.NotWithinParent, seq, child, $"it may do more than {parent.Id} above it has left: {why}");
    }
}
