using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Workloads;

/// <summary>All callers with the same selectors: what they earn now, their answers, and the signal that something changed.</summary>
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
    private ImmutableArray<Grant> _grants = [];
    private ImmutableArray<IssuedIdentity> _identities = [];
    private int _streams; // Not by the gate: counted without it.
    private DateTimeOffset? _armedFor;
    private bool _closed;

    public Workload(SelectorSet selectors, WorkloadServices services)
    {
        Selectors = selectors;
        _services = services;
        _x509 = new SvidFeed<X509Svid>(i => i.X509, svids => services.Encoder.EncodeX509(svids, _bundle!), services.Time);
        _wit = NewWitFeed();
        _timer = services.Time.CreateTimer(static state => ((Workload)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public SelectorSet Selectors { get; }

    /// <summary>Raised when an SVID is due, the entries changed, the bundle changed, or the clock was set.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>What the entries give these selectors now; the first is the default identity.</summary>
    public ImmutableArray<Grant> Grants
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return _grants;
            }
        }
    }

    /// <summary>Holds the X.509 answer; null when there is no identity.</summary>
    public Shared<Answer>? HoldX509()
    {
        lock (_gate)
        {
            Refresh();
            return _grants.IsEmpty ? null : Hold(_x509, _grants, _identities);
        }
    }

    /// <summary>Holds the WIT answer, for all identities or for one; null when there is no such identity.</summary>
    public Shared<Answer>? HoldWit(SpiffeId? only)
    {
        lock (_gate)
        {
            Refresh();
            if (only is null) return _grants.IsEmpty ? null : Hold(_wit, _grants, _identities);
            for (int i = 0; i < _grants.Length; i++)
            {
                if (!_grants[i].Id.Equals(only)) continue;
                if (!_witOfOne.TryGetValue(only, out SvidFeed<WitSvid>? feed)) _witOfOne[only] = feed = NewWitFeed();
                return Hold(feed, [_grants[i]], [_identities[i]]);
            }

            return null;
        }
    }

    /// <summary>JWT-SVIDs for all identities, or for one; empty when there is none.</summary>
    public ImmutableArray<Presented<JwtSvid>> Jwt(AudienceSet audiences, SpiffeId? only)
    {
        (ImmutableArray<Grant> grants, ImmutableArray<IssuedIdentity> identities) = Current();
        ImmutableArray<Presented<JwtSvid>>.Builder svids = ImmutableArray.CreateBuilder<Presented<JwtSvid>>(grants.Length);
        for (int i = 0; i < grants.Length; i++)
        {
            if (only is not null && !grants[i].Id.Equals(only)) continue;
            svids.Add(new Presented<JwtSvid>(grants[i].Id, identities[i].Jwt.Get(audiences), grants[i].Entry.Hint ?? ""));
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

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _timer.Dispose();
            _x509.Drop();
            DropWit();
            LetGo(_grants);
            _grants = [];
            _identities = [];
        }
    }

    private SvidFeed<WitSvid> NewWitFeed() => new(i => i.Wit, _services.Encoder.EncodeWit, _services.Time);

    private Shared<Answer> Hold<TSvid>(SvidFeed<TSvid> feed, ImmutableArray<Grant> grants, ImmutableArray<IssuedIdentity> identities)
        where TSvid : class, IDisposable
    {
        Shared<Answer> answer = feed.Hold(grants, identities);
        if (Volatile.Read(ref _streams) > 0) Arm();
        return answer;
    }

    private (ImmutableArray<Grant> Grants, ImmutableArray<IssuedIdentity> Identities) Current()
    {
        lock (_gate)
        {
            Refresh();
            return (_grants, _identities);
        }
    }

    /// <summary>Looks whether entries or bundle are others than last time, and forgets the answers that no longer say the truth.</summary>
    private void Refresh()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        TrustBundle bundle = _services.Bundle();
        if (!ReferenceEquals(bundle, _bundle))
        {
            _bundle = bundle;
            _x509.Drop();
        }

        EntrySnapshot entries = _services.Entries.Current;
        if (ReferenceEquals(entries, _matched)) return;
        _matched = entries;
        ImmutableArray<Grant> grants = entries.Match(Selectors);
        if (grants.AsSpan().SequenceEqual(_grants.AsSpan())) return;

        ImmutableArray<IssuedIdentity> identities = [.. grants.Select(_services.Identities.Acquire)];
        LetGo(_grants);
        (_grants, _identities) = (grants, identities);
        _x509.Drop();
        DropWit();
    }

    private void DropWit()
    {
        _wit.Drop();
        foreach (SvidFeed<WitSvid> feed in _witOfOne.Values) feed.Drop();
        _witOfOne.Clear();
    }

    private void LetGo(ImmutableArray<Grant> grants)
    {
        foreach (Grant grant in grants) _services.Identities.Release(grant);
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
