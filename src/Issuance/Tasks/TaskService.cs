using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Freshness;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Tasks: who may begin one, what it may do, and that it ends with its work. Every answer rests on evidence of the moment, on the grant, and on policy, in this order.</summary>
/// <remarks>
/// <para>What happens to one task and follows for those below it is one step under the lock of their family. Whatever gives rights is written down first; whatever takes them away
/// happens even if it cannot be written. Nothing that waits (services, signatures, readers) is done under a lock.</para>
/// <para>Order of locks; whoever holds one takes only those further right, and of each one at a time (two families are never held together):</para>
/// <para>workload registry → workload → identity registry → SVID being signed → family (<see cref="TaskFamily.Gate"/>) → { ledger → status lists; table; agenda; journal; what is of use }.</para>
/// <para>The left half is what asks a task for its terms while it signs (<see cref="ITaskTerms"/>). So nothing that reaches into it is done under a family's gate: to announce
/// (<see cref="Announce"/>), to forget workloads that have ended, to let go of bindings, to contain; and no end is announced where it is decided (<see cref="Close"/>, then <see cref="Offboard"/>).
/// The callers' table is a leaf. Signals (<see cref="ChangeSignal"/>) run nothing of those who wait, so they may be raised anywhere.</para>
/// </remarks>
public sealed partial class TaskService : ITaskIdentities, IDisposable
{
    private readonly TaskServiceOptions _options;
    private readonly WorkloadAttestor _attestor;
    private readonly Reception _reception;
    private readonly RevocationLedger _ledger;
    private readonly SubjectVerifier _subjects;
    private readonly IdentityRegistry _identities;
    private readonly SvidMint _mint;
    private readonly EmbeddedAuthority _authority;
    private readonly IssuanceService _issuance;
    private readonly LiveCallers _callers;
    private readonly Action _forgetEnded;
    private readonly UseBook _uses;
    private readonly DenialBook _denials;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TaskTable _table;
    private readonly IJournal _journal;
    private readonly TaskScribe _scribe;
    private readonly Offboarder _offboarder;
    private readonly TaskCredentials _credentials;
    private readonly TaskAgenda _agenda;
    private volatile TaskRules _rules;

    internal TaskService(TaskServiceOptions options, TaskRules rules, TaskSurroundings around)
    {
        (_options, _rules) = (options, rules);
        (_attestor, _reception, _ledger, _subjects) = (around.Attestor, around.Reception, around.Ledger, around.Subjects);
        (_identities, _mint, _callers, _forgetEnded) = (around.Identities, around.Mint, around.Callers, around.ForgetEnded);
        (_uses, _denials) = (around.Uses, around.Denials);
        (_authority, _issuance, _time, _log) = (around.Authority, around.Credentials, around.Time, around.Log);
        _table = new TaskTable(options, peer => _attestor.ReadCgroup(peer).Path);
        _journal = around.Journal;
        _scribe = new TaskScribe(_journal, _time);
        _offboarder = new Offboarder(NegativeTest.Of(_ledger, around.Crls), _identities, _scribe, around.Sign, around.Counters, _time, _log);
        _credentials = new TaskCredentials(_ledger, _offboarder.Prints, _scribe, _time);
        _agenda = new TaskAgenda(OnDue, _time);
        _callers.ProcessChanged = OnProcessChanged;
    }

    /// <summary>Tasks that are not over.</summary>
    public int Live => _table.Live;

    /// <summary>What decides now.</summary>
    public TaskRules Rules => _rules;

    /// <summary>What is revoked, as it happens.</summary>
    public RevocationLedger Ledger => _ledger;

    TaskIdentities ITaskIdentities.Of(Caller caller)
    {
        if (_table.Live == 0 || caller.Peer is not { } peer) return TaskIdentities.None;
        ImmutableArray<LiveTask> tasks = _table.WorkOf(peer);
        if (tasks.IsEmpty) return TaskIdentities.None;
        ImmutableArray<TaskEntitlement>.Builder identities = ImmutableArray.CreateBuilder<TaskEntitlement>(tasks.Length);
        foreach (LiveTask task in tasks)
        {
            // Who holds the key itself asks for certificates where keys are not made for it.
            if (task.Identity is { } identity && task.PublicKey.IsEmpty && !IsNotWhatItWas(task)) identities.Add(identity);
        }

        return identities.Count == 0 ? TaskIdentities.None : new TaskIdentities(identities.DrainToImmutable());
    }

    /// <summary>What the machine's clock says may have passed without a timer: called with every beat of housekeeping.</summary>
    public void OnBeat()
    {
        _agenda.Run();
        _ledger.Sweep();
    }

    /// <summary>Ends every task: what signed for them is gone with the daemon.</summary>
    public void Dispose()
    {
        _offboarder.Dispose(); // What is not looked at by now is said not to have been.
        foreach (LiveTask task in _table.All.Where(task => task.Parent is null).ToArray()) End(task, TaskTrigger.Revoke, "the daemon stops", RevocationReason.Withdrawn);
        foreach (LiveTask task in _table.Runs) task.Binding.Dispose(); // Runs that go on without us.
        _agenda.Dispose();
    }

    /// <summary>The one task of the caller that is meant, and whether the caller does its work or only asked for it.</summary>
    private TaskRefusal TryFind(Caller caller, string id, bool alsoRequester, out LiveTask? task)
    {
        task = null;
        if (caller.Peer is not { } peer) return TaskRefusal.NotYours;
        if (id.Length > 0)
        {
            if (_table.Find(id) is not { } named) return TaskRefusal.NotYours;
            bool isWorker = named.Binding.Covers(peer);
            if (!isWorker && !(alsoRequester && named.Requester == ProcessIdentity.Of(peer))) return TaskRefusal.NotYours;
            if (isWorker && !FirstCall(named)) return TaskRefusal.ProcessChanged;
            task = named;
            return TaskRefusal.None;
        }

        ImmutableArray<LiveTask> tasks = _table.WorkOf(peer);
        if (tasks.IsEmpty && alsoRequester) tasks = _table.Of(ProcessIdentity.Of(peer));
        if (tasks.Length != 1) return tasks.IsEmpty ? TaskRefusal.NotYours : TaskRefusal.Ambiguous;
        if (tasks[0].Binding.Covers(peer) && !FirstCall(tasks[0])) return TaskRefusal.ProcessChanged;
        task = tasks[0];
        return TaskRefusal.None;
    }

    /// <summary>A child may exec while it starts; with its first call its program is fixed. False: it cannot be looked at.</summary>
    private bool FirstCall(LiveTask task)
    {
        if (!task.Binding.IsStarting || !task.IsLive) return true;
        lock (task.Family.Gate)
        {
            if (!task.Binding.IsStarting || !task.IsLive) return true;
            if (!task.Binding.Pin()) return false;
            task.Executable = _attestor.View(task.Binding.Process.Peer).Executable ?? "";
        }

        return true;
    }

    /// <summary>Looks at the process behind a task. When it is not what it was, the template's answer to that follows at once.</summary>
    private bool IsNotWhatItWas(LiveTask task)
    {
        if (!task.IsLive) return false; // It is over, and that is what is said of it.
        if (task.Binding.IsStarting && !FirstCall(task)) return true;
        PinChange change = task.Binding.Look();
        if (change == PinChange.None) return false;
        OnChanged(task, change);
        return task.State != TaskState.Active || task.Binding.Look() != PinChange.None;
    }

    /// <summary>Publishes what a task is now to those who wait for it. Not under a lock.</summary>
    private void Announce(LiveTask task)
    {
        task.Changed.Raise();
        if (task.Binding.CoversCgroup) _callers.TasksChanged(task.Binding.Covers);
        else _callers.TasksChanged(task.Binding.Process.Peer.ProcessId);
    }

    /// <summary>The same of a task that became narrower, and of those below it, which may have become so with it.</summary>
    private void AnnounceNarrowed(LiveTask task)
    {
        List<LiveTask> all = [];
        lock (task.Family.Gate) Collect(task, all);
        foreach (LiveTask member in all) Announce(member);
    }

    /// <summary>When the task is to be looked at next: its clocks, its questions, its evidence. Under the family's gate.</summary>
    private void Schedule(LiveTask task)
    {
        if (!task.IsLive)
        {
            _agenda.Enter(task, long.MaxValue);
            return;
        }

        TimeSpan next = task.Clocks.NextDue;
        foreach (TaskApproval approval in task.Approvals)
        {
            TimeSpan end = approval.Given?.UsableUntil ?? approval.ExpiresAtUptime;
            if (end < next) next = end;
        }

        TimeSpan now = _credentials.Uptime;
        if (task is { IsRenewing: false, State: not TaskState.PendingApproval } && task.RenewAt < next) next = task.RenewAt;
        if (task.State == TaskState.Active)
        {
            if (!task.IsRenewing && task.ReattestAt is { } reattest && reattest < next) next = reattest;
            if (now + _options.LookEvery < next) next = now + _options.LookEvery;
        }

        _agenda.Enter(task, Timestamp(next));
    }

    private long Timestamp(TimeSpan uptime)
    {
        double ticks = uptime.TotalSeconds * _time.TimestampFrequency;
        return ticks >= long.MaxValue / 2 ? long.MaxValue / 2 : (long)Math.Ceiling(ticks);
    }

    /// <summary>What gives rights leaves when it is safe in the journal, and not before.</summary>
    private async ValueTask<TaskAnswer> Settled(TaskAnswer answer, CancellationToken cancellationToken) =>
        answer.Refusal != TaskRefusal.None || await _journal.SettleAsync(cancellationToken) ? answer : TaskAnswer.Refused(TaskRefusal.NotRecorded);

    /// <summary>128 random bits: names a decision or a question, and grants nothing.</summary>
    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
