using System.Collections.Immutable;
namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>Every credential of every task while it lives, and which of them are dead before their time. The one answer that all channels give.</summary>
/// <remarks>
/// <para>Deny by default: a credential is entered before it leaves, for a task that is open and a generation that is not revoked, else it does not leave. Both are
/// decided under one lock, so that a credential that is minted while its task is revoked is either in that revocation or refused.</para>
/// <para>An entry is forgotten when its expiry, the validators' leeway and a margin are over by the wall clock and, counted from when it was entered, by uptime too: a
/// clock that jumps ahead and back revives nothing. A full ledger refuses what is new; it forgets nothing that lives.</para>
/// <para>Safe from many threads. Entering, asking and forgetting cost the same however many there are; revoking costs as much as dies.</para>
/// </remarks>
public sealed partial class RevocationLedger
{
    /// <summary>Longest life of a credential that is entered. Ours: bounds how long anything is kept.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    private readonly Lock _gate = new(); // Guards all below.
    private readonly Dictionary<string, LedgerTask> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerEntry> _certificates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerEntry> _tokens = new(StringComparer.Ordinal);
    private readonly HashSet<LedgerEntry> _dead = [];
    private readonly ExpiryBuckets _buckets = new();
    private readonly RevocationOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keep;
    private readonly long _started;
    private long _certificatesVersion; // How often certificates died.

    /// <param name="options">Bounds.</param>
    /// <param name="leeway">How long behind its expiry the daemon's validators still take a token.</param>
    /// <param name="time">Wall clock and uptime.</param>
    public RevocationLedger(RevocationOptions options, TimeSpan leeway, TimeProvider time)
    {
        options.ThrowIfInvalid();
        (_options, _time, _keep, _started) = (options, time, leeway + options.Margin, time.GetTimestamp());
        if (options.StatusListUri is { } uri) StatusLists = new StatusLists(uri, StatusListPublisher.LifetimeOf(options), time);
    }

    /// <summary>The status lists; null when none are published, and tokens name none.</summary>
    public StatusLists? StatusLists { get; }

    /// <summary>Raised after each event.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>Tasks that are open.</summary>
    public int OpenTasks
    {
        get
        {
            lock (_gate) return _tasks.Count;
        }
    }

    /// <summary>Credentials that are not forgotten.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _certificates.Count + _tokens.Count;
        }
    }

    /// <summary>Begins to take credentials of a task. Its id must never have been used before.</summary>
    /// <returns>False, and nothing done, when it is open already or <see cref="RevocationOptions.MaxTasks"/> are.</returns>
    public bool Open(string taskId)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskId);
        lock (_gate) return _tasks.Count < _options.MaxTasks && _tasks.TryAdd(taskId, new LedgerTask());
    }

    /// <summary>Whether it still takes credentials of a task.</summary>
    public bool IsOpen(string taskId)
    {
        lock (_gate) return _tasks.ContainsKey(taskId);
    }

    /// <summary>Takes a place in a status list for a token that is about to be minted; null when none are published, or none is left.</summary>
    /// <remarks>It belongs to the caller until <see cref="Issued"/> or <see cref="ReturnStatus"/>.</remarks>
    public StatusIndex? ReserveStatus()
    {
        Sweep();
        return StatusLists?.Reserve();
    }

    /// <summary>Gives back the place of a token that was not minted after all.</summary>
    public void ReturnStatus(StatusIndex index) => StatusLists?.TryReturn(index);

    /// <summary>Enters a credential that was minted. It may leave the daemon if, and only if, the answer is <see cref="LedgerRefusal.None"/>.</summary>
    /// <remarks>Takes over the place in the status list, whatever the answer.</remarks>
    public LedgerRefusal Issued(CredentialRecord credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentException.ThrowIfNullOrEmpty(credential.Id, nameof(credential));
        DateTimeOffset now = _time.GetUtcNow();
        LedgerRefusal refusal;
        lock (_gate)
        {
            ForgetDue(now);
            refusal = Check(credential, now);
            if (refusal == LedgerRefusal.None)
            {
                Enter(credential, now);
                return LedgerRefusal.None;
            }
        }

        if (credential.Status is { } index) ReturnStatus(index);
        return refusal;
    }

    /// <summary>What is known of a credential. Names of certificates and of tokens are apart; all tokens share theirs.</summary>
    public CredentialStatus StatusOf(CredentialKind kind, string id) => Find(kind, id)?.Status ?? CredentialStatus.Unknown;

    /// <summary>What is known of a credential, with its record; null when nothing is.</summary>
    public (CredentialRecord Credential, CredentialStatus Status)? Find(CredentialKind kind, string id)
    {
        lock (_gate) return OfKind(kind).TryGetValue(id, out LedgerEntry? entry) ? (entry.Record, entry.Status) : null;
    }

    /// <summary>Credentials of a task that are alive.</summary>
    public ImmutableArray<CredentialRecord> CredentialsOf(string taskId)
    {
        lock (_gate) return _tasks.TryGetValue(taskId, out LedgerTask? task) ? [.. task.Entries.Where(entry => entry.Status == CredentialStatus.Valid).Select(entry => entry.Record)] : [];
    }

    /// <summary>Forgets what is over. Called now and then; <see cref="Issued"/> does it too.</summary>
    public void Sweep()
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate) ForgetDue(now);
    }

    private LedgerRefusal Check(CredentialRecord credential, DateTimeOffset now)
    {
        if (!_tasks.TryGetValue(credential.TaskId, out LedgerTask? task)) return LedgerRefusal.TaskNotOpen;
        if (credential.Generation <= task.RevokedThrough) return LedgerRefusal.GenerationRevoked;
        if (credential.ExpiresAt <= now || credential.ExpiresAt - now > MaxLifetime) return LedgerRefusal.Lifetime;
        if (OfKind(credential.Kind).ContainsKey(credential.Id)) return LedgerRefusal.Repeated;
        if (_certificates.Count + _tokens.Count >= _options.MaxCredentials) return LedgerRefusal.Full;
        return task.Held >= _options.MaxCredentialsPerTask ? LedgerRefusal.TaskFull : LedgerRefusal.None;
    }

    private void Enter(CredentialRecord credential, DateTimeOffset now)
    {
        if (credential.Status is { } index && StatusLists?.TryTake(index) != true) throw new ArgumentException("a place in a status list that was not reserved", nameof(credential));
        LedgerTask task = _tasks[credential.TaskId];
        LedgerEntry entry = new(credential, task);
        OfKind(credential.Kind).Add(credential.Id, entry);
        task.Add(entry);
        task.Held++;
        Schedule(entry, now);
    }

    private void Schedule(LedgerEntry entry, DateTimeOffset now)
    {
        TimeSpan left = entry.Record.ExpiresAt + _keep - now;
        _buckets.Add(entry, (long)Math.Ceiling((_time.GetElapsedTime(_started) + left).TotalSeconds));
    }

    private void ForgetDue(DateTimeOffset now)
    {
        foreach (LedgerEntry entry in _buckets.Take((long)_time.GetElapsedTime(_started).TotalSeconds))
        {
            if (entry.Record.ExpiresAt + _keep > now) Schedule(entry, now); // The clock was set back: by it, the credential still lives.
            else Forget(entry);
        }
    }

    private void Forget(LedgerEntry entry)
    {
        OfKind(entry.Record.Kind).Remove(entry.Record.Id);
        entry.Task.Remove(entry);
        entry.Task.Held--;
        _dead.Remove(entry);
        if (entry.Record.Status is { } index) StatusLists!.Release(index);
    }

    private Dictionary<string, LedgerEntry> OfKind(CredentialKind kind) => kind == CredentialKind.X509 ? _certificates : _tokens;
}
