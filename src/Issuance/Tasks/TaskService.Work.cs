using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

// What the work itself says: it goes on, pauses, means something else, is done.
public sealed partial class TaskService
{
    /// <summary>Attests and decides anew, and moves the end of the lease.</summary>
    public async ValueTask<TaskAnswer> RenewAsync(Caller caller, string taskId, TimeSpan? lease, CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return refused;
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: false, out LiveTask? task);
        return task is null ? TaskAnswer.Refused(refusal) : await Settled(await RenewAsync(task, lease, "request", moveLease: true, cancellationToken), cancellationToken);
    }

    /// <summary>The work pauses by its own wish, such as to wait for people.</summary>
    public async ValueTask<TaskAnswer> SuspendAsync(Caller caller, string taskId, string word, CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return refused;
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: true, out LiveTask? task);
        if (task is null) return TaskAnswer.Refused(refusal);
        Remark(task, word);
        return Suspend(task, "request", "the work pauses", mayResumeItself: true) ? TaskAnswer.Of(View(task)) : TaskAnswer.Refused(RefusalOf(task.State));
    }

    /// <summary>Goes on: attested and decided anew, with new keys, and never with more than before.</summary>
    public async ValueTask<TaskAnswer> ResumeAsync(Caller caller, string taskId, CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return refused;
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: false, out LiveTask? task);
        return task is null ? TaskAnswer.Refused(refusal) : await Settled(await ResumeAsync(task, "request", isOperator: false, cancellationToken), cancellationToken);
    }

    /// <summary>The work is done.</summary>
    public async ValueTask<TaskAnswer> CompleteAsync(Caller caller, string taskId, string word, CancellationToken cancellationToken) =>
        await FinishAsync(caller, taskId, word, TaskTrigger.Complete, "complete, as it says", RevocationReason.Completed, cancellationToken);

    /// <summary>The work has failed.</summary>
    public async ValueTask<TaskAnswer> FailAsync(Caller caller, string taskId, string word, CancellationToken cancellationToken) =>
        await FinishAsync(caller, taskId, word, TaskTrigger.Fail, "failed, as it says", RevocationReason.Failed, cancellationToken);

    /// <summary>The goal, the tools or the boundary are others than declared. Decided anew; the grant may become smaller and never larger.</summary>
    public async ValueTask<TaskAnswer> UpdateIntentAsync(Caller caller, string taskId, TaskIntent intent, ReadOnlyMemory<byte> grants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return refused;
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: false, out LiveTask? task);
        if (task is null) return TaskAnswer.Refused(refusal);
        AuthorizationDetails? wanted = null;
        if (!grants.IsEmpty && !AuthorizationDetails.TryParse(grants.Span, out wanted, out GrantFault? fault)) return TaskAnswer.Refused(TaskRefusal.Malformed, $"authorization_details: {fault}");
        if (IsNotWhatItWas(task)) return TaskAnswer.Refused(TaskRefusal.ProcessChanged);
        if (await AttestAnewAsync(task, "intent", cancellationToken) is { } lost) return lost;

        TaskAnswer answer;
        bool narrowed = false;
        lock (task.Family.Gate)
        {
            if (task.State is not (TaskState.Active or TaskState.Suspended)) return TaskAnswer.Refused(RefusalOf(task.State));
            IntentChanges change = task.Intent.ChangesTo(intent);
            TaskDecision decision = Decide(task, TaskAct.Update, "request", intent);
            if (decision.Verdict != TaskVerdict.Permit)
            {
                answer = TaskAnswer.Refused(TaskRefusal.PolicyDenied, decision.Verdict == TaskVerdict.NeedsApproval ? "policy asks for approval: begin another task" : "policy does not permit this intent");
            }
            else
            {
                (TaskIntent meant, TaskDecision rested) = (task.Intent, task.Decision);
                (task.Intent, task.Decision) = (intent, decision);
                if (!_scribe.Note(task, TaskEntryKind.IntentChanged, "request", change.ToString(), decision) || !_scribe.Declared(task, "request"))
                {
                    (task.Intent, task.Decision) = (meant, rested);
                    return TaskAnswer.Refused(TaskRefusal.NotRecorded);
                }

                // What says that it is for something else now counts no more, nor does what people agreed to then.
                if (change > IntentChanges.Narrower) narrowed = Rekey(task, TaskEntryKind.Reevaluated, "request", "the intent is another");
                if (wanted is not null && !wanted.Equals(task.Grants)) narrowed |= Narrow(task, GrantMeet.Of(wanted, new GrantCeiling("the task", task.Grants)), "request");
                answer = TaskAnswer.Of(ViewOf(task));
            }
        }

        if (answer.Refusal == TaskRefusal.PolicyDenied)
        {
            End(task, TaskTrigger.PolicyDenies, "the declared intent is another, and policy does not permit it", RevocationReason.Withdrawn);
            return answer;
        }

        if (narrowed) _forgetEnded();
        AnnounceNarrowed(task);
        return await Settled(answer, cancellationToken);
    }

    private async ValueTask<TaskAnswer> FinishAsync(Caller caller, string taskId, string word, TaskTrigger trigger, string cause, RevocationReason reason, CancellationToken cancellationToken)
    {
        if (await ReceiveAsync(caller, cancellationToken) is { } refused) return refused;
        TaskRefusal refusal = TryFind(caller, taskId, alsoRequester: true, out LiveTask? task);
        if (task is null) return TaskAnswer.Refused(refusal);
        Remark(task, word);
        return End(task, trigger, cause, reason) ? TaskAnswer.Of(View(task)) : TaskAnswer.Refused(RefusalOf(task.State));
    }

    /// <param name="task">Which.</param>
    /// <param name="lease">At most what the template gives, which is what null means.</param>
    /// <param name="trigger">What set it off.</param>
    /// <param name="moveLease">False: evidence and policy are looked at, and the lease stays.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async ValueTask<TaskAnswer> RenewAsync(LiveTask task, TimeSpan? lease, string trigger, bool moveLease, CancellationToken cancellationToken)
    {
        if (lease <= TimeSpan.Zero) return TaskAnswer.Refused(TaskRefusal.Malformed, "lease: must be positive");
        if (IsNotWhatItWas(task)) return TaskAnswer.Refused(TaskRefusal.ProcessChanged);
        if (await AttestAnewAsync(task, trigger, cancellationToken) is { } lost) return lost;
        lock (task.Family.Gate)
        {
            if (task.State != TaskState.Active) return TaskAnswer.Refused(RefusalOf(task.State));
            TaskDecision decision = Decide(task, TaskAct.Renew, trigger);
            if (decision.Verdict == TaskVerdict.Permit)
            {
                TimeSpan now = _credentials.Uptime, most = task.Template.Lifetimes.Lease;
                TaskDecision before = task.Decision;
                task.Decision = decision;
                if (!_scribe.Note(task, moveLease ? TaskEntryKind.Renewed : TaskEntryKind.Reevaluated, trigger, "", decision))
                {
                    task.Decision = before;
                    return TaskAnswer.Refused(TaskRefusal.NotRecorded);
                }

                if (moveLease) Extend(task, now, lease < most ? lease.Value : most);
                if (task.Template.ReattestEvery is { } every) task.ReattestAt = now + every;
                Schedule(task);
                return TaskAnswer.Of(ViewOf(task));
            }
        }

        Suspend(task, trigger, "policy does not permit it to be renewed");
        return TaskAnswer.Refused(TaskRefusal.PolicyDenied, "policy does not permit it to be renewed: the task is suspended");
    }

    /// <summary>Moves the end of the lease, and never to an earlier moment: what was issued under it would outlive it. Under the family's gate.</summary>
    private static void Extend(LiveTask task, TimeSpan now, TimeSpan wanted)
    {
        TaskClocks moved = task.Clocks.Renew(now, wanted, task.Parent?.Clocks);
        if (moved.Lease > task.Clocks.Lease) task.Clocks = moved;
        task.RenewAt = task.Template.Lifetimes.Renewal == Renewal.Automatic ? HalfOfLease(task, now) : TimeSpan.MaxValue;
    }

    /// <summary>The work may take up again what it laid down itself. What the daemon or an operator stopped – another program, a step outside of what was declared – only an operator lets go on.</summary>
    private async ValueTask<TaskAnswer> ResumeAsync(LiveTask task, string trigger, bool isOperator, CancellationToken cancellationToken)
    {
        if (!task.IsLive) return TaskAnswer.Refused(TaskRefusal.Ended);
        if (!isOperator && task is { State: TaskState.Suspended, MayResumeItself: false }) return TaskAnswer.Refused(TaskRefusal.Suspended, "it was suspended for a reason that an operator must look at");
        if (task.Binding.Look() != PinChange.None && !(isOperator && RePin(task))) return TaskAnswer.Refused(TaskRefusal.ProcessChanged);
        if (await AttestAnewAsync(task, trigger, cancellationToken) is { } lost) return lost;
        lock (task.Family.Gate)
        {
            if (TaskTransitions.Next(task.State, TaskTrigger.Resume) != TaskState.Active) return TaskAnswer.Refused(RefusalOf(task.State));
            if (task.Parent is { State: not TaskState.Active }) return TaskAnswer.Refused(TaskRefusal.WrongState, "the task above it is not active");
            TaskDecision decision = Decide(task, TaskAct.Resume, trigger);
            if (decision.Verdict != TaskVerdict.Permit) return TaskAnswer.Refused(TaskRefusal.PolicyDenied, "policy does not permit it to go on");
            bool isWritten = _scribe.Note(task, TaskEntryKind.Resumed, trigger, "", decision, entry => entry with { State = TaskState.Active, Generation = task.Generation + 1, Grants = task.Grants.CanonicalMemory });
            if (!isWritten) return TaskAnswer.Refused(TaskRefusal.NotRecorded);
            TimeSpan now = _credentials.Uptime;
            task.Decision = decision;
            task.State = TaskState.Active;
            task.Generation++;
            task.Clocks = task.Clocks.Continue(now);
            Activate(task);
            Schedule(task);
        }

        Announce(task);
        return TaskAnswer.Of(View(task));
    }

    /// <summary>Makes the grant smaller. What the generation before held is dead. What children were given is taken back and given out anew, as far as it goes: all together never have more
    /// than the narrower grant. Under the family's gate.</summary>
    private bool Narrow(LiveTask task, GrantMeet meet, string trigger)
    {
        if (meet.Effective.Equals(task.Grants)) return false;
        LiveTask[] children = [.. task.Children.Where(child => child.IsLive)];
        if (!children.Aggregate(task.Uses, static (uses, child) => child.Debit is { } debit ? uses.Reclaim(debit) : uses).TryNarrow(meet.Effective, out UseLedger? left)) return false;
        (task.Grants, task.Uses) = (meet.Effective, left);
        Rekey(task, TaskEntryKind.Narrowed, trigger, task.Grants.Digest);
        foreach (LiveTask child in children)
        {
            Narrow(child, GrantMeet.Of(child.Grants, new GrantCeiling("the parent", task.Uses.Delegable)), "the task above it was narrowed");
            if (!task.Uses.TryDebit(child.Grants, out UseDebit? debit, out UseLedger rest)) throw new InvalidOperationException("a meet is within what may be handed on");
            (child.Debit, task.Uses) = (debit, rest);
        }

        return true;
    }

    /// <summary>Another generation: what the one before held is dead, and questions of it are void. Under the family's gate.</summary>
    private bool Rekey(LiveTask task, TaskEntryKind kind, string trigger, string detail)
    {
        RevocationEvent revoked = _ledger.RevokeTask(task.Id.ToString(), task.Generation, RevocationReason.Narrowed);
        _scribe.Revoked(task, detail, revoked.Credentials.Select(static dead => (dead.Credential.Kind, dead.Credential.Id)));
        task.Generation++;
        task.Approvals.Clear();
        _scribe.Note(task, kind, trigger, detail, entry => entry with { Grants = task.Grants.CanonicalMemory });
        if (task.State == TaskState.Active) Activate(task);
        return true;
    }

    /// <summary>Attests the bound process anew. Null: it still holds what its template asks. Where that is certain not to be so, the task is suspended; where it cannot be found out now, nothing
    /// is done but that the answer is no: the lease ends in any case.</summary>
    private async ValueTask<TaskAnswer?> AttestAnewAsync(LiveTask task, string trigger, CancellationToken cancellationToken)
    {
        if (task.Binding.CoversCgroup || task.Held.Count == 0) return null; // The cgroup is the evidence, or the one who asked was attested, who is its parent.
        AttestationResult result;
        try
        {
            result = await _attestor.AttestAsync(task.Binding.Process.Peer, DemandOf(task.Template), cancellationToken);
        }
        catch (ObjectDisposedException) when (!task.IsLive)
        {
            return TaskAnswer.Refused(TaskRefusal.Ended); // Let go of under our hands.
        }

        if (result is AttestationResult.Attested attested)
        {
            if (task.Held.IsSubsetOf(attested.Selectors))
            {
                Know(task, attested.Selectors);
                return null;
            }

            Selector missing = task.Held.First(selector => !attested.Selectors.Contains(selector));
            if (attested.FailedTypes.Contains(missing.Type, StringComparer.Ordinal)) return TaskAnswer.Refused(TaskRefusal.EvidenceUnavailable);
            Suspend(task, trigger, $"it does not hold what its template asks of {missing.Type}");
            return TaskAnswer.Refused(TaskRefusal.ProcessChanged);
        }

        PeerRefusal reason = ((AttestationResult.Refused)result).Reason;
        if (reason is PeerRefusal.EvidenceUnavailable or PeerRefusal.TooBusy) return TaskAnswer.Refused(TaskRefusal.EvidenceUnavailable);
        Suspend(task, trigger, $"it cannot be attested: {reason}");
        return TaskAnswer.Refused(TaskRefusal.ProcessChanged);
    }

    /// <summary>What the work says for people: shown with the task, bounded, and written into no record.</summary>
    private void Remark(LiveTask task, string word)
    {
        if (word.Length == 0) return;
        lock (task.Family.Gate) _scribe.Remark(task, ActionRules.Shown(word));
    }

    /// <summary>Policies are asked about what is known now.</summary>
    private static void Know(LiveTask task, SelectorSet selectors)
    {
        lock (task.Family.Gate)
        {
            if (!selectors.Equals(task.Entities.Facts.Selectors)) task.Entities = new TaskEntities(task.Entities.Facts with { Selectors = selectors });
            if (StartRules.ExecutableOf(selectors) is { Length: > 0 } known) task.Executable = known;
        }
    }

    private bool RePin(LiveTask task)
    {
        lock (task.Family.Gate)
        {
            if (!task.IsLive || !task.Binding.Process.Peer.IsAlive || !task.Binding.Pin()) return false; // Other ids than it was held with are never taken up again.
            task.Executable = _attestor.View(task.Binding.Process.Peer).Executable ?? "";
            return true;
        }
    }

    private TaskView View(LiveTask task)
    {
        lock (task.Family.Gate) return ViewOf(task);
    }
}
