using System.Text;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>Every task by the table of its life. After a rule is broken the entry is believed, so that one fault is one finding.</summary>
internal sealed partial class TaskRules(ReplayContext context)
{
    /// <summary>Families in the middle of a step.</summary>
    private readonly HashSet<ReplayedFamily> _owing = [];

    public void Apply(in ReplayEntry entry)
    {
        if (context.Run == RunState.Stopped)
        {
            context.Break(ReplayRule.NotRunning, entry.Seq, entry.Data.Text(RecordMember.Task), $"{RecordKinds.NameOf(entry.Kind)} while no daemon runs");
            return;
        }

        if (entry.Kind == RecordKind.Refused)
        {
            OnRefused(entry);
        }
        else if (!TaskKey.TryParse(entry.Data.Utf8(RecordMember.Task), out TaskKey key))
        {
            context.Break(ReplayRule.MalformedEntry, entry.Seq, "", "task is not the id of a task");
        }
        else if (entry.Kind == RecordKind.Started)
        {
            OnStarted(entry, key);
        }
        else if (context.Tasks.TryFind(key, out ReplayedTask? task))
        {
            Apply(entry, task);
        }
        else
        {
            OnUnknown(entry, key);
        }
    }

    /// <summary>Every now and then: what should have followed by now did not.</summary>
    public void Look() => LeaveBehind(context.Latest > DateTimeOffset.UnixEpoch ? context.Latest - ReplayLimits.DecisionLeeway : default);

    /// <summary>The daemon stops: whatever followed has followed.</summary>
    public void Stop() => LeaveBehind(DateTimeOffset.MaxValue);

    /// <summary>The log ends.</summary>
    public void Complete()
    {
        if (context.Run == RunState.Stopped) Stop();
        else Look();
        foreach (ReplayedTask task in context.Tasks.All)
        {
            if (task.Family.Owed is { } owed && owed.Contains(task)) context.Remark(ReplayRule.Unfinished, task.StartedSeq, task.Id, "the log ends before the task has ended or paused with the one above it");
            FlushEarlySteps(task);
        }
    }

    private void Apply(in ReplayEntry entry, ReplayedTask task)
    {
        Follow(entry, task);
        if (!task.IsLive && !MayFollowEnd(entry.Kind))
        {
            context.Break(ReplayRule.AfterEnd, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)}, and the task was over: {task.State.NameOf()}");
            return;
        }

        switch (entry.Kind)
        {
            case RecordKind.Declared: OnDeclared(entry, task); break;
            case RecordKind.Approved: OnApproved(entry, task); break;
            case RecordKind.Denied or RecordKind.Contained or RecordKind.Offboarded: OnSaid(entry, task); break;
            case RecordKind.Issued: OnIssued(entry, task); break;
            case RecordKind.Permitted: OnPermitted(entry, task); break;
            case RecordKind.Withheld: OnWithheld(entry, task); break;
            case RecordKind.Used: OnUsed(entry, task); break;
            case RecordKind.Misused: ExpectState(entry, task, task.State); break;
            case RecordKind.Renewed: OnRenewed(entry, task); break;
            case RecordKind.Reevaluated: OnReevaluated(entry, task); break;
            case RecordKind.IntentChanged: OnIntentChanged(entry, task); break;
            case RecordKind.Narrowed: OnNarrowed(entry, task); break;
            case RecordKind.Suspended: OnSuspended(entry, task); break;
            case RecordKind.Resumed: OnResumed(entry, task); break;
            case RecordKind.Revoked: OnRevoked(entry, task); break;
            case RecordKind.Ended: OnEnded(entry, task); break;
        }
    }

    /// <summary>What is said of a task that is over: that it was contained and what was found, that its credentials died, were shown all the same, or that it asked for something and did not get it.</summary>
    private static bool MayFollowEnd(RecordKind kind) => kind is RecordKind.Contained or RecordKind.Offboarded or RecordKind.Revoked or RecordKind.Misused or RecordKind.Withheld or RecordKind.Issued;

    private void OnUnknown(in ReplayEntry entry, TaskKey key)
    {
        string id = entry.Data.Text(RecordMember.Task);
        if (context.Tasks.IsNotJudged(key)) return;
        if (context.Tasks.IsOver(key))
        {
            if (!MayFollowEnd(entry.Kind) || entry.Kind == RecordKind.Issued) context.Break(ReplayRule.AfterEnd, entry.Seq, id, $"{RecordKinds.NameOf(entry.Kind)}, and the task was over long before");
            return;
        }

        if (context.MayBeUnknown)
        {
            context.Tasks.DoNotJudge(key);
            return;
        }

        if (entry.Kind == RecordKind.Ended)
        {
            context.Remark(ReplayRule.NeverBegan, entry.Seq, id, "it ended and never began: its start could not be written down");
            context.Tasks.NeverBegan(key);
            return;
        }

        context.Tasks.DoNotJudge(key);
        if (context.GapSeq >= 0) context.Remark(ReplayRule.UnknownTask, entry.Seq, id, $"{RecordKinds.NameOf(entry.Kind)}, and its beginning is not there (entries were lost before)");
        else context.Break(ReplayRule.UnknownTask, entry.Seq, id, $"{RecordKinds.NameOf(entry.Kind)}, and it never began");
    }

    /// <summary>Holds the entry to the state in which the task must be behind it.</summary>
    /// <returns>Whether it is; afterwards the task is in the state of the entry.</returns>
    private bool ExpectState(in ReplayEntry entry, ReplayedTask task, TaskState expected)
    {
        ReadOnlySpan<byte> said = entry.Data.Utf8(RecordMember.State);
        if (said.SequenceEqual(TaskStateNames.Utf8(expected))) return true;
        context.Break(ReplayRule.WrongState, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} says {Encoding.UTF8.GetString(said)}, and the task is {expected.NameOf()}");
        return false;
    }

    /// <summary>Holds the entry to the generation in which the task must be behind it.</summary>
    private bool ExpectGeneration(in ReplayEntry entry, ReplayedTask task, int expected)
    {
        long? said = entry.Data.Number(RecordMember.Generation);
        if (said == expected) return true;
        context.Break(ReplayRule.WrongGeneration, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} says generation {said}, and the task is in {expected}");
        return false;
    }

    /// <summary>What does not change the task: state, generation, intent, and the decision that it rests on are those that it has.</summary>
    private void ExpectSame(in ReplayEntry entry, ReplayedTask task, bool isOwnDecision = false)
    {
        ExpectState(entry, task, task.State);
        ExpectGeneration(entry, task, task.Generation);
        ExpectIntent(entry, task);
        if (!isOwnDecision) ExpectDecision(entry, task);
    }

    private void ExpectIntent(in ReplayEntry entry, ReplayedTask task)
    {
        if (!IsText(entry.Data.Utf8(RecordMember.IntentS256), task.IntentDigest)) context.Break(ReplayRule.WrongIntent, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} names another intent than was declared");
    }

    /// <summary>Names the decision, and the policies, that the task rests on.</summary>
    private void ExpectDecision(in ReplayEntry entry, ReplayedTask task)
    {
        if (IsText(entry.Data.Utf8(RecordMember.Decision), task.DecisionId) && IsText(entry.Data.Utf8(RecordMember.Policy), task.PolicyDigest)) return;
        context.Break(ReplayRule.WrongDecision, entry.Seq, task, $"{RecordKinds.NameOf(entry.Kind)} names another decision than the task rests on");
    }

    /// <summary>From here on it rests on this one.</summary>
    private static void RestOn(in ReplayEntry entry, ReplayedTask task) => (task.DecisionId, task.PolicyDigest) = (entry.Data.Text(RecordMember.Decision), entry.Data.Text(RecordMember.Policy));

    private static bool IsText(ReadOnlySpan<byte> utf8, string text)
    {
        if (utf8.Length != text.Length) return Encoding.UTF8.GetByteCount(text) == utf8.Length && string.Equals(Encoding.UTF8.GetString(utf8), text, StringComparison.Ordinal);
        return Ascii.Equals(utf8, text) || string.Equals(Encoding.UTF8.GetString(utf8), text, StringComparison.Ordinal);
    }
}
