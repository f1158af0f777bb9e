using System.Collections.Immutable;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// How tasks pause and end: everything below them with them, in one step, on every channel at once.
public sealed partial class TaskService
{
    /// <summary>How long a parent may take to say how its child's work ended, before the template says it. Ours.</summary>
    private static readonly TimeSpan RequesterPatience = TimeSpan.FromSeconds(2);

    /// <summary>Ends a task and all below it. False: it was over, or cannot end so in its state.</summary>
    /// <param name="task">Which.</param>
    /// <param name="trigger">What ends it.</param>
    /// <param name="cause">Why, for people.</param>
    /// <param name="reason">Why, for those who are shown its credentials.</param>
    /// <param name="contain">Done to what each was bound to, when nothing of it counts any more.</param>
    /// <param name="words">What whoever ends it says about it.</param>
    private bool End(LiveTask task, TaskTrigger trigger, string cause, RevocationReason reason, Action<LiveTask>? contain = null, string words = "")
    {
        List<LiveTask> ended;
        lock (task.Family.Gate) ended = Close(task, trigger, cause, reason, words);
        if (ended.Count == 0) return false;
        Offboard(ended, contain);
        return true;
    }

    /// <summary>The part of an end that is one step: what is over counts no more. Whoever calls this gives what it returns to <see cref="Offboard(List{LiveTask}, Action{LiveTask}?)"/>,
    /// once the gate is open. None: it was over, or cannot end so in its state. Under the family's gate.</summary>
    private List<LiveTask> Close(LiveTask task, TaskTrigger trigger, string cause, RevocationReason reason, string words = "")
    {
        if (TaskTransitions.Next(task.State, trigger) is not { } state || !state.IsTerminal()) return [];
        List<LiveTask> ended = [];
        Collect(task, ended);
        RevocationEvent revoked = _ledger.EndTasks(ended.Select(member => member.Id.ToString()), reason);
        ILookup<string, (CredentialKind Kind, string Id)> dead = DeadOf(revoked);
        for (int i = ended.Count - 1; i >= 0; i--)
        {
            // Children before their parents, so that each receipt counts what was done below.
            if (ended[i] is { Parent: { } parent, Debit: { } debit } member) parent.Uses = parent.Uses.Return(debit, member.Uses);
        }

        foreach (LiveTask member in ended)
        {
            bool isFirst = member == task;
            member.State = isFirst ? state : TaskTransitions.Next(member.State, TaskTrigger.ParentEnded)!.Value;
            string recorded = isFirst ? cause : $"task {task.Id} ended: {cause}";
            member.Cause = Joined(recorded, words);
            member.EndedAt = _time.GetUtcNow();
            (member.EndedBy, member.LastIdentity) = (revoked, member.Identity ?? member.LastIdentity);
            member.Identity = null;
            member.Approvals.Clear();
            member.Receipt = new OffboardingReceipt(
                member.Id,
                member.State,
                member.EndedAt.Value,
                member.Cause,
                [.. dead[member.Id.ToString()].Select(static credential => credential.Id)],
                isFirst ? [.. ended.Skip(1).Select(child => child.Id)] : [],
                RightsOf(member));
            member.Children.Clear();
            Schedule(member);
            _scribe.Revoked(member, recorded, dead[member.Id.ToString()]);
            _scribe.Note(member, TaskEntryKind.Ended, (isFirst ? trigger : TaskTrigger.ParentEnded).ToString(), recorded, entry => entry with { Words = words });
        }

        task.Parent?.Children.Remove(task);
        return ended;
    }

    /// <summary>The rest of it: found no more, told to all who wait, contained, let go of. Not under a lock.</summary>
    private void Offboard(List<LiveTask> ended, Action<LiveTask>? contain = null)
    {
        foreach (LiveTask member in ended)
        {
            _table.End(member);
            Announce(member);
            contain?.Invoke(member);
        }

        _forgetEnded();
        foreach (LiveTask member in ended)
        {
            _offboarder.Begin(member);
            member.Binding.LetGo(isKept: member.IsAutomatic); // Of a run that goes on: kept, so that it gets no second task.
        }
    }

    /// <summary>Stops a task and all below it: credentials die now, the work may go on later.</summary>
    private bool Suspend(LiveTask task, string trigger, string cause, bool mayResumeItself = false, string words = "")
    {
        List<LiveTask> paused = [];
        lock (task.Family.Gate)
        {
            if (TaskTransitions.Next(task.State, TaskTrigger.Suspend) != TaskState.Suspended) return false;
            if (task.State == TaskState.Suspended && task.MayResumeItself && !mayResumeItself)
            {
                (task.MayResumeItself, task.Cause) = (false, Joined(cause, words)); // It lay down by itself; from now on it is held down.
                _scribe.Note(task, TaskEntryKind.Suspended, trigger, cause, entry => entry with { Words = words });
            }

            Collect(task, paused);
            paused.RemoveAll(member => member.State != TaskState.Active);
            if (paused.Count == 0) return true;
            ILookup<string, (CredentialKind Kind, string Id)> dead = DeadOf(_ledger.RevokeTasks([.. paused.Select(member => new TaskRevocation(member.Id.ToString(), member.Generation, Ends: false))], RevocationReason.Suspended));
            TimeSpan now = _credentials.Uptime;
            foreach (LiveTask member in paused)
            {
                member.State = TaskState.Suspended;
                string recorded = member == task ? cause : $"task {task.Id} is suspended: {cause}";
                member.Cause = Joined(recorded, words);
                member.MayResumeItself = mayResumeItself || member != task;
                member.Identity = null;
                member.Clocks = member.Clocks.Pause(now);
                KeepWaiting(member, now);
                member.Approvals.RemoveAll(static approval => !approval.IsToStart); // What was asked for was asked in another situation.
                Schedule(member);
                _scribe.Revoked(member, recorded, dead[member.Id.ToString()]);
                _scribe.Note(member, TaskEntryKind.Suspended, trigger, recorded, entry => entry with { Words = words });
            }
        }

        foreach (LiveTask member in paused) Announce(member);
        _forgetEnded();
        return true;
    }

    /// <summary>The process, the cgroup, the unit or the container is gone: so is the task, whatever it says about itself.</summary>
    private async Task WatchAsync(LiveTask task)
    {
        try
        {
            await task.Binding.Gone;
        }
        catch (OperationCanceledException)
        {
            return; // Over before that.
        }

        _table.ForgetRun(task);
        await HearRequesterAsync(task);
        ProcessExit? exit = await task.Binding.ExitAsync();
        bool isSuccess = exit?.IsSuccess ?? false;
        bool isComplete = task.Template.OnExit == ExitMeaning.Completed || (task.Template.OnExit == ExitMeaning.ByStatus && isSuccess);
        string how = task.Binding.Cgroup is not null ? $"{task.Binding.Shown} has ended" : $"the process has exited: {exit?.ToString() ?? "how is not known"}";
        End(task, isComplete ? TaskTrigger.ExitedComplete : TaskTrigger.ExitedFailed, how, isComplete ? RevocationReason.Completed : RevocationReason.Failed);
        if (task.IsAutomatic) task.Binding.LetGo(isKept: true);
    }

    /// <summary>A parent that asked for its child's task hears of the exit when we do, and says how the work ended. Nothing counts any more while it has the word, and it has not long.</summary>
    private async Task HearRequesterAsync(LiveTask task)
    {
        if (task.Requester == task.Binding.Process.Identity || !Suspend(task, "exit", "its process has exited")) return;
        using CancellationTokenSource patience = new(RequesterPatience, _time);
        while (task.IsLive)
        {
            Task changed = task.Changed.Next;
            if (!task.IsLive) return;
            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static string Joined(string cause, string words) => words.Length == 0 ? cause : $"{cause}: {words}";

    private static ILookup<string, (CredentialKind Kind, string Id)> DeadOf(RevocationEvent revoked) =>
        revoked.Credentials.ToLookup(static dead => dead.Credential.TaskId, static dead => (dead.Credential.Kind, dead.Credential.Id), StringComparer.Ordinal);

    /// <summary>The task and all live ones below it, parents first. Under the family's gate.</summary>
    private static void Collect(LiveTask task, List<LiveTask> into)
    {
        into.Add(task);
        foreach (LiveTask child in task.Children) Collect(child, into);
    }

    private static ImmutableArray<RightView> RightsOf(LiveTask task) =>
        [.. task.Grants.Items.Select((detail, i) => new RightView(detail.ToString(), task.Uses.Used(i), task.Uses.Remaining(i) ?? -1))];

    private static TaskRefusal RefusalOf(TaskState state) => state switch
    {
        TaskState.PendingApproval => TaskRefusal.WaitsForApproval,
        TaskState.Suspended => TaskRefusal.Suspended,
        TaskState.Active => TaskRefusal.WrongState,
        _ => TaskRefusal.Ended,
    };
}
