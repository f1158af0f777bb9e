using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

// How tasks pause and end: everything below them with them, and every credential.
internal sealed partial class TaskRules
{
    private void OnSuspended(in ReplayEntry entry, ReplayedTask task)
    {
        bool wasActive = task.State == TaskState.Active;
        Move(entry, task, TaskTrigger.Suspend);
        ExpectGeneration(entry, task, task.Generation);
        ExpectIntent(entry, task);
        ExpectDecision(entry, task);
        task.Approvals = 0; // What was asked for was asked in another situation.
        ExpectDead(entry, task, "the task pauses");
        if (wasActive) Owe(entry, task, mustEnd: false);
    }

    private void OnEnded(in ReplayEntry entry, ReplayedTask task)
    {
        string word = entry.Data.Text(RecordMember.Trigger);
        if (!Enum.TryParse(word, out TaskTrigger trigger) || !Enum.IsDefined(trigger) || !string.Equals(trigger.ToString(), word, StringComparison.Ordinal)) trigger = TaskTrigger.Use; // Which ends nothing.
        if (trigger == TaskTrigger.ParentEnded && task.Parent is not { IsLive: false }) context.Break(ReplayRule.WrongTransition, entry.Seq, task, "it ends because the one above it did, which did not");
        Move(entry, task, trigger);
        if (task.IsLive) task.State = TaskState.Revoked;
        ExpectGeneration(entry, task, task.Generation);
        ExpectIntent(entry, task);
        ExpectDecision(entry, task);
        ExpectDead(entry, task, "the task is over");
        FlushEarlySteps(task);
        ReturnUses(task);
        Owe(entry, task, mustEnd: true);
        context.Tasks.End(task, entry.At);
    }

    private void OnRevoked(in ReplayEntry entry, ReplayedTask task)
    {
        // Written before what follows from it: the state that it says is the one behind the step, the generation the one that dies.
        TaskState said = TaskStateNames.Find(entry.Data.Utf8(RecordMember.State)) ?? task.State;
        bool isAhead = task.IsLive && (said.IsTerminal() || (said == TaskState.Suspended && task.State == TaskState.Active));
        if (!isAhead) ExpectState(entry, task, task.State);
        ExpectGeneration(entry, task, task.Generation);
        foreach (string name in entry.Data.Texts(RecordMember.Credentials))
        {
            if (context.Credentials.TryFind(name, out ReplayedCredential? credential))
            {
                if (credential.Task == task) context.Credentials.Kill(credential);
                else context.Break(ReplayRule.UnknownCredential, entry.Seq, task, $"{name} is revoked, which is a credential of task {credential.Task.Id}");
            }
            else if ((task.DeadEarly ??= new HashSet<string>(StringComparer.Ordinal)).Count < ReplayLimits.MaxDeadEarly)
            {
                task.DeadEarly.Add(name);
            }
        }
    }

    /// <summary>Every credential of a generation that counts no more has expired or is revoked.</summary>
    private void ExpectDead(in ReplayEntry entry, ReplayedTask task, string why)
    {
        bool isAll = task.State != TaskState.Active;
        foreach (ReplayedCredential credential in task.Credentials)
        {
            if (credential.IsDead || credential.ExpiresAt <= context.Latest || (!isAll && credential.Generation >= task.Generation)) continue;
            context.Break(ReplayRule.NotRevoked, entry.Seq, task, $"{credential.Name} was not revoked: {why}");
            credential.IsDead = true; // Once is enough.
        }
    }

    /// <summary>What a task and those below it did not use goes back to the ones above, from below upwards.</summary>
    private static void ReturnUses(ReplayedTask task)
    {
        foreach (ReplayedTask child in task.Children) ReturnUses(child);
        if (task is not { Parent: { } parent, Debit: { } debit }) return;
        parent.Uses = parent.Uses.Return(debit, task.Uses);
        task.Debit = null;
    }

    /// <summary>All live ones below it end with it, and all that are at work pause with it: with the entries that come next.</summary>
    private void Owe(in ReplayEntry entry, ReplayedTask task, bool mustEnd)
    {
        ReplayedFamily family = task.Family;
        foreach (ReplayedTask child in task.Children)
        {
            if (mustEnd || child.State == TaskState.Active)
            {
                family.MustEnd = mustEnd;
                if (family.Owed is null) family.OwedSince = (entry.Seq, entry.At);
                (family.Owed ??= []).Add(child);
                _owing.Add(family);
            }

            Owe(entry, child, mustEnd);
        }
    }

    /// <summary>Holds an entry to what those before it left open in its family.</summary>
    private void Follow(in ReplayEntry entry, ReplayedTask task)
    {
        ReplayedFamily family = task.Family;
        if (family.Owed is not null)
        {
            bool isThat = entry.Kind == (family.MustEnd ? RecordKind.Ended : RecordKind.Suspended) && family.Owed.Remove(task);
            if (!isThat && entry.Kind != RecordKind.Revoked) LeaveBehind(entry.Seq, family);
            if (family.Owed is { Count: 0 }) family.Owed = null;
            if (family.Owed is null) _owing.Remove(family);
        }

        if (family.Unsettled is not null && entry.Kind is not (RecordKind.Revoked or RecordKind.Narrowed)) Settle(entry.Seq, family);
    }

    /// <summary>Families whose step should have ended long ago have left somebody behind.</summary>
    /// <param name="before">When the step began.</param>
    private void LeaveBehind(DateTimeOffset before)
    {
        if (_owing.Count == 0) return;
        foreach (ReplayedFamily family in _owing.ToArray())
        {
            if (family.Owed is null) _owing.Remove(family);
            else if (family.OwedSince.At < before) LeaveBehind(family.OwedSince.Seq, family);
        }
    }

    private void LeaveBehind(long seq, ReplayedFamily family)
    {
        foreach (ReplayedTask left in family.Owed!) context.Break(ReplayRule.LeftBehind, seq, left, $"it is {left.State.NameOf()}, although the one above it has {(family.MustEnd ? "ended" : "paused")}");
        family.Owed = null;
    }

    /// <summary>All who had to become narrower did: now each must fit into what the one above it has left.</summary>
    private void Settle(long seq, ReplayedFamily family)
    {
        List<ReplayedTask> unsettled = family.Unsettled!;
        family.Unsettled = null;
        foreach (ReplayedTask parent in unsettled)
        {
            foreach (ReplayedTask child in parent.Children)
            {
                if (child.Debit is null) Hand(seq, child, parent);
            }
        }
    }
}
