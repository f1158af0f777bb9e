using Spiffe.Agent.Authority;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>Has revocation lists signed: when a certificate died, when the CA keys changed, and again at half of a list's life. Safe from many threads.</summary>
/// <remarks>
/// An expired certificate leaves with the next list, but not before it stood in one that was issued after its expiry (RFC 5280 §3.3). Its leaving alone is no reason
/// for a new list: streams are not woken for it.
/// </remarks>
public sealed class CrlPublisher
{
    /// <summary>Largest lists that go into streams, in bytes, all together; some 1,400 certificates. Ours: each workload's answer holds a copy. Larger ones are served
    /// over HTTP only.</summary>
    public const int MaxStreamedBytes = 64 * 1024;

    /// <summary>How long a list promises to hold (nextUpdate). Ours: three times what a task's certificate lives.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    /// <summary>Shortest time between two lists in streams, however few they are. Ours. The first of a burst goes at once.</summary>
    public static readonly TimeSpan MinPace = TimeSpan.FromMilliseconds(50);

    /// <summary>The same for however many streams. Ours.</summary>
    public static readonly TimeSpan MaxPace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PacePerStream = TimeSpan.FromMilliseconds(0.2);

    private readonly Lock _gate = new(); // Guards what is below; held while signing, so that one state is signed once.
    private readonly EmbeddedAuthority _authority;
    private readonly RevocationLedger _ledger;
    private readonly TimeProvider _time;
    private Dictionary<string, RevokedCredential> _listed = new(StringComparer.Ordinal); // What stands in _current, by serial number.
    private CrlSet? _current;
    private TrustBundle? _bundle;
    private DateTimeOffset _signedAt;
    private long _version;
    private long _number;
    private volatile CrlSet _streamed = CrlSet.None; // Written under _gate, read without it.
    private volatile bool _isWithheld; // Likewise.

    internal CrlPublisher(EmbeddedAuthority authority, RevocationLedger ledger, TimeProvider time) => (_authority, _ledger, _time) = (authority, ledger, time);

    /// <summary>The lists as of now, signed for whoever asks first; empty ones when nothing is revoked.</summary>
    public CrlSet Current
    {
        get
        {
            lock (_gate)
            {
                TrustBundle bundle = _authority.Bundle;
                DateTimeOffset now = _time.GetUtcNow();
                if (_current is not null && ReferenceEquals(bundle, _bundle) && _version == _ledger.CertificatesVersion && IsFresh(now)) return _current;
                (IReadOnlyList<RevokedCredential> dead, long version) = _ledger.DeadCertificates();
                Dictionary<string, RevokedCredential> listed = dead.ToDictionary(d => d.Credential.Id, StringComparer.Ordinal);
                foreach ((string serial, RevokedCredential before) in _listed)
                {
                    if (_signedAt <= before.Credential.ExpiresAt) listed.TryAdd(serial, before);
                }

                _current = new CrlSet([.. _authority.SignCrls([.. listed.Values.Select(Line)], ++_number, Life)]);
                (_listed, _bundle, _version, _signedAt) = (listed, bundle, version, now);
                return _current;
            }
        }
    }

    /// <summary>The lists that streams carry; <see cref="CrlSet.None"/> when nothing is revoked, or too much.</summary>
    public CrlSet Streamed => _streamed;

    /// <summary>Whether there are lists that streams do not carry because they are too large.</summary>
    public bool IsWithheld => _isWithheld;

    /// <summary>How long streams are left alone after a list: each one that is open costs a message, so what they cost together stays within a core's reach.</summary>
    internal static TimeSpan PaceFor(long streams) => TimeSpan.FromTicks(Math.Clamp(streams, 0, MaxPace.Ticks) * PacePerStream.Ticks) switch
    {
        var pace when pace < MinPace => MinPace,
        var pace when pace > MaxPace => MaxPace,
        var pace => pace,
    };

    /// <summary>Whether lists in streams are past half of their life.</summary>
    internal bool IsDue
    {
        get
        {
            if (ReferenceEquals(_streamed, CrlSet.None) && !_isWithheld) return false;
            lock (_gate) return !IsFresh(_time.GetUtcNow());
        }
    }

    /// <summary>Puts the lists of now into streams. Costs nothing while nothing is revoked.</summary>
    /// <returns>Whether they are others than before: then streams must be woken.</returns>
    internal bool Publish()
    {
        lock (_gate)
        {
            CrlSet current = _ledger.CertificatesVersion == 0 ? CrlSet.None : Current;
            _isWithheld = current.Length > MaxStreamedBytes;
            CrlSet next = current.Revoked == 0 || _isWithheld ? CrlSet.None : current;
            if (ReferenceEquals(next, _streamed)) return false;
            _streamed = next;
            return true;
        }
    }

    private bool IsFresh(DateTimeOffset now) => now >= _signedAt && now - _signedAt < Life / 2;

    private static RevokedCertificate Line(RevokedCredential dead) =>
        new(dead.Credential.IssuerKeyId, dead.Credential.Id, dead.At, dead.Reason.OfCertificate());
}
