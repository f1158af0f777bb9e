using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Workloads;

/// <summary>All callers with the same selectors and the same tasks: what they earn now, their answers, and the signal that something changed.</summary>
/// <remarks>
/// Thousands of streams of one workload share one object, one answer and one timer. Entries and bundle are looked at when somebody asks; whatever makes
/// asking again worthwhile raises <see cref="Changed"/>.
/// </remarks>
internal sealed class Workload : IDisposable
{
    private readonly Lock _gate = new(); // Guards everything below but the signal.
    private readonly WorkloadServices _services;
    private readonly SvidFeed<X509Svid> _x509;
    private readonly SvidFeed<WitSvid> _wit;
    private readonly Dictionary<SpiffeId, SvidFeed<WitSvid>> _witOfOne = []; // No more than there are identities.
    private readonly ITimer _timer;

    private EntrySnapshot? _matched;
    private TrustBundle? _bundle;
    private CrlSet _crls = CrlSet.None;
    private ImmutableArray<Grant> _grants = [];
    private ImmutableArray<Entitlement> _entitlements = [];
    private ImmutableArray<IssuedIdentity> _identities = [];
    private int _streams; // Not by the gate: counted without it.
    private DateTimeOffset? _armedFor;
    private bool _closed;

    public Workload(WorkloadKey key, WorkloadServices services)
    {
        Key = key;
        _services = services;
        _x509 = new SvidFeed<X509Svid>(i => i.X509, svids => services.Encoder.EncodeX509(svids, _bundle!, _crls), services.Time);
        _wit = NewWitFeed();
        _timer = services.Time.CreateTimer(static state => ((Workload)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What its callers have in common.</summary>
    public WorkloadKey Key { get; }

    /// <summary>Raised when an SVID is due, the entries changed, the bundle changed, or the clock was set.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>What entries and tasks give now; the first is the default identity.</summary>
    public ImmutableArray<Entitlement> Entitlements
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return _entitlements;
            }
        }
    }

    /// <summary>Holds the X.509 answer; null when there is no identity.</summary>
    public Shared<Answer>? HoldX509()
    {
        lock (_gate)
        {
            Refresh();
            return _entitlements.IsEmpty ? null : Hold(_x509, _entitlements, _identities);
        }
    }

    /// <summary>Holds the WIT answer, for all identities or for one; null when there is no such identity.</summary>
    public Shared<Answer>? HoldWit(SpiffeId? only)
    {
        lock (_gate)
        {
            Refresh();
            if (only is null) return _entitlements.IsEmpty ? null : Hold(_wit, _entitlements, _identities);
            for (int i = 0; i < _entitlements.Length; i++)
            {
                if (!_entitlements[i].Id.Equals(only)) continue;
                if (!_witOfOne.TryGetValue(only, out SvidFeed<WitSvid>? feed)) _witOfOne[only] = feed = NewWitFeed();
                return Hold(feed, [_entitlements[i]], [_identities[i]]);
            }

            return null;
        }
    }

    /// <summary>JWT-SVIDs for all identities, or for one; empty when there is none.</summary>
    public ImmutableArray<Presented<JwtSvid>> Jwt(AudienceSet audiences, SpiffeId? only)
    {
        (ImmutableArray<Entitlement> entitlements, ImmutableArray<IssuedIdentity> identities) = Current();
        ImmutableArray<Presented<JwtSvid>>.Builder svids = ImmutableArray.CreateBuilder<Presented<JwtSvid>>(entitlements.Length);
        for (int i = 0; i < entitlements.Length; i++)
        {
            if (only is not null && !entitlements[i].Id.Equals(only)) continue;
            if (identities[i].Jwt.Get(audiences) is { } svid) svids.Add(new Presented<JwtSvid>(entitlements[i].Id, svid, entitlements[i].Hint));
        }

        return svids.DrainToImmutable();
    }

    /// <summary>One more stream waits for changes: from now on somebody must be woken when an SVID is due.</summary>
    public void StreamOpened()
    {
        _services.Counters.StreamOpened();
        Interlocked.Increment(ref _streams);
    }

    public void StreamClosed()
    {
        _services.Counters.StreamClosed();
        Interlocked.Decrement(ref _streams); // A timer that is armed may fire once more: it wakes nobody, and nobody arms it again.
    }

    /// <summary>What its callers hold by entries, as it was found last: nothing is matched or signed for this. With the streams that wait.</summary>
    public (ImmutableArray<Grant> Grants, ImmutableArray<(Entitlement Entitlement, IssuedIdentity Identity)> Held, int Streams) Census()
    {
        lock (_gate) return (_grants, [.. _entitlements.Zip(_identities).Where(held => held.First is EntryEntitlement)], Volatile.Read(ref _streams));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _timer.Dispose();
            _x509.Drop();
            DropWit();
            LetGo(_entitlements);
            _entitlements = [];
            _identities = [];
        }
    }

    private SvidFeed<WitSvid> NewWitFeed() => new(i => i.Wit, _services.Encoder.EncodeWit, _services.Time);

    private Shared<Answer>? Hold<TSvid>(SvidFeed<TSvid> feed, ImmutableArray<Entitlement> entitlements, ImmutableArray<IssuedIdentity> identities)
        where TSvid : class, IDisposable
    {
        Shared<Answer>? answer = feed.Hold(entitlements, identities);
        if (Volatile.Read(ref _streams) > 0) Arm();
        return answer;
    }

    private (ImmutableArray<Entitlement> Entitlements, ImmutableArray<IssuedIdentity> Identities) Current()
    {
        lock (_gate)
        {
            Refresh();
            return (_entitlements, _identities);
        }
    }

    /// <summary>Looks whether entries, bundle or revocation lists are others than last time, and forgets the answers that no longer say the truth.</summary>
    private void Refresh()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        TrustBundle bundle = _services.Bundle();
        CrlSet crls = _services.Crls();
        if (!ReferenceEquals(bundle, _bundle) || !ReferenceEquals(crls, _crls))
        {
            (_bundle, _crls) = (bundle, crls);
            _x509.Drop();
        }

        EntrySnapshot entries = _services.Entries.Current;
        if (ReferenceEquals(entries, _matched)) return;
        bool isFirst = _matched is null;
        _matched = entries;
        ImmutableArray<Grant> grants = entries.Match(Key.Selectors);
        _services.Uses.Earned(grants);
        if (!isFirst && grants.AsSpan().SequenceEqual(_grants.AsSpan())) return;

        ImmutableArray<Entitlement> entitlements = Key.Tasks.Join([.. grants.Select(grant => new EntryEntitlement(grant, _services.Time))]);
        ImmutableArray<IssuedIdentity> identities = [.. entitlements.Select(_services.Identities.Acquire)];
        LetGo(_entitlements);
        (_grants, _entitlements, _identities) = (grants, entitlements, identities);
        _x509.Drop();
        DropWit();
    }

    private void DropWit()
    {
        _wit.Drop();
        foreach (SvidFeed<WitSvid> feed in _witOfOne.Values) feed.Drop();
        _witOfOne.Clear();
    }

    private void LetGo(ImmutableArray<Entitlement> entitlements)
    {
        foreach (Entitlement entitlement in entitlements) _services.Identities.Release(entitlement);
    }

    private void Arm()
    {
        DateTimeOffset? due = Earlier(_x509.FreshUntil, _wit.FreshUntil);
        foreach (SvidFeed<WitSvid> feed in _witOfOne.Values) due = Earlier(due, feed.FreshUntil);
        if (due is null || due == _armedFor) return;
        TimeSpan wait = due.Value - _services.Time.GetUtcNow();
        _armedFor = due;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void OnDue()
    {
        lock (_gate) _armedFor = null;
        Changed.Raise();
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? x, DateTimeOffset? y) => x is null || y < x ? y : x;
}
