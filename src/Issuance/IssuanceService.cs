using Microsoft.Extensions.Logging;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Freshness;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Workloads;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance;

/// <summary>The only path to a signed SVID: budget, attestation, matching, signing, in this order. Refusal is a value; nothing here knows the wire.</summary>
public sealed partial class IssuanceService : IDisposable
{
    private readonly EmbeddedAuthority _authority;
    private readonly EntryStore _entries;
    private readonly WorkloadAttestor _attestor;
    private readonly WorkloadServices _services;
    private readonly WorkloadRegistry _workloads;
    private readonly Judge _judge;
    private readonly Reception _reception;
    private readonly DenialBook _denials;
    private readonly TimeProvider _time;
    private readonly TimeSpan _jwtLeeway;
    private readonly ILogger<IssuanceService> _log;

    public IssuanceService(
        EmbeddedAuthority authority,
        EntryStore entries,
        WorkloadAttestor attestor,
        IResponseEncoder encoder,
        IssuanceOptions options,
        TaskSetup tasks,
        TimeProvider time,
        ILogger<IssuanceService> log)
    {
        _authority = authority;
        _entries = entries;
        _attestor = attestor;
        _time = time;
        _log = log;
        _jwtLeeway = options.JwtLeeway;
        (Journal, Texts) = (tasks.Journal, tasks.Texts);
        StrangerTable strangers = new(time);
        UseBook uses = new(time);
        _denials = new DenialBook(Counters, Journal, strangers, time, log);
        Revocations = new RevocationLedger(options.Revocation, options.JwtLeeway, time);
        Crls = new CrlPublisher(authority, Revocations, time);
        if (Revocations.StatusLists is { } lists) StatusLists = new StatusListPublisher(authority, lists, options.Revocation, time);
        SvidMint mint = new(authority, tasks.Journal, Counters, time, log);
        Identities = new IdentityRegistry(mint, time);
        _services = new WorkloadServices(entries, Identities, encoder, () => authority.Bundle, () => Crls.Streamed, Counters, uses, time);
        _workloads = new WorkloadRegistry(_services);
        _judge = new Judge(attestor, entries, () => Tasks!.Rules.Templates);
        Live = new LiveCallers(_judge, entries, Counters, time, log);
        _reception = new Reception(_judge, new UserBudget(options.RequestsPerSecondPerUser, options.RequestBurstPerUser, time), _denials) { Hurry = Live.Hurry };
        Tasks = new TaskService(tasks.Options, tasks.Rules, new TaskSurroundings
        {
            Attestor = attestor,
            Reception = _reception,
            Credentials = this,
            Ledger = Revocations,
            Subjects = tasks.Subjects,
            Identities = Identities,
            Mint = mint,
            Authority = authority,
            Callers = Live,
            Journal = tasks.Journal,
            Uses = uses,
            Denials = _denials,
            Crls = Crls,
            Sign = tasks.SignReceipt,
            Counters = Counters,
            ForgetEnded = _workloads.ForgetEnded,
            Time = time,
            Log = log,
        });
        Inventory = new InventoryTaker(this, _workloads, entries, uses, strangers, tasks.Options.TrustDomain, tasks.Log, time);
    }

    /// <summary>What has happened since the start.</summary>
    public IssuanceCounters Counters { get; } = new();

    /// <summary>How the attestors have done since the start.</summary>
    public IReadOnlyList<AttestorHealth> Attestors => [.. _attestor.Status.Select(s => new AttestorHealth(s.Type, s.Asked, s.Failed, s.LastFailure, s.LastFailureAt))];

    /// <summary>Identities with a live SVID.</summary>
    public int LiveIdentities => Identities.Count;

    /// <summary>Callers with open streams, whose evidence is kept fresh.</summary>
    public LiveCallers Live { get; }

    /// <summary>Every credential of every task, and which are dead.</summary>
    public RevocationLedger Revocations { get; }

    /// <summary>The revocation lists of X.509-SVIDs.</summary>
    public CrlPublisher Crls { get; }

    /// <summary>The status lists of tokens; null when none are published.</summary>
    public StatusListPublisher? StatusLists { get; }

    /// <summary>Who erases texts of the log; null: no log is kept.</summary>
    public TextEraser? Texts { get; }

    /// <summary>Where it is written down what happens.</summary>
    public IJournal Journal { get; }

    /// <summary>Tasks, with identities of their own.</summary>
    public TaskService Tasks { get; }

    /// <summary>Who has what, whose it is, and what of it is used.</summary>
    public InventoryTaker Inventory { get; }

    internal IdentityRegistry Identities { get; }

    /// <summary>Attests the caller and says what it may ask for.</summary>
    public async ValueTask<Admitted> AdmitAsync(Caller caller, CancellationToken cancellationToken)
    {
        Standing standing = await _reception.ReceiveAsync(caller, cancellationToken);
        if (standing.Refusal != Refusal.None) return new Admitted(null, standing.Refusal);
        await Tasks.BeginAutomaticAsync(caller, standing, cancellationToken);
        return new Admitted(new WorkloadLease(_workloads, caller, standing, Live, _services, Tasks), Refusal.None);
    }

    /// <summary>Records that a call ended without an identity. The caller learns no more than the fixed sentence for the refusal.</summary>
    public void Denied(Caller caller, Refusal refusal, string detail) => _denials.Add(caller, refusal, detail);

    public void Dispose()
    {
        Inventory.Dispose();
        Tasks.Dispose();
        _workloads.Dispose();
    }

    /// <summary>Makes every stream look again: entries, bundle, clock or the daemon's own state are others than before.</summary>
    public void WakeStreams() => _workloads.RaiseAll();

    /// <summary>Forgets workloads that nobody uses.</summary>
    internal void Sweep() => _workloads.Sweep();
}
