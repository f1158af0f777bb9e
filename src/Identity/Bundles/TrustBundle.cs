using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Identity.Bundles;

/// <summary>The keys that are authoritative for one trust domain, by the kind of SVID that each may vouch for. Immutable; every encoding is made once.</summary>
/// <remarks>A bundle without keys says that all were revoked: every SVID of the trust domain is then invalid (Trust Domain and Bundle §4.1.3).</remarks>
public sealed class TrustBundle
{
    /// <summary>Most keys of one kind. Ours: bounds what a kid-less token or a hostile bundle may cost.</summary>
    public const int MaxKeys = 64;

    private readonly Lazy<ReadOnlyMemory<byte>> _x509Der;
    private readonly Lazy<ReadOnlyMemory<byte>> _jwtKeySet;
    private readonly Lazy<ReadOnlyMemory<byte>> _witKeySet;
    private readonly Lazy<ReadOnlyMemory<byte>> _document;

    /// <exception cref="ArgumentException">Two token keys share a <c>kid</c> (WIT-SVID §6.1), or there are more than <see cref="MaxKeys"/> of one kind.</exception>
    public TrustBundle(
        TrustDomain trustDomain,
        IEnumerable<ReadOnlyMemory<byte>> x509Authorities,
        IEnumerable<JwsPublicKey> jwtKeys,
        IEnumerable<JwsPublicKey> witKeys,
        ulong? sequence = null,
        TimeSpan? refreshHint = null)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        (TrustDomain, Sequence, RefreshHint) = (trustDomain, sequence, refreshHint);
        ReadOnlyMemory<byte>[] authorities = [.. x509Authorities];
        JwsPublicKey[] jwt = [.. jwtKeys];
        JwsPublicKey[] wit = [.. witKeys];
        (X509Authorities, JwtKeys, WitKeys) = (authorities, jwt, wit);
        if (Math.Max(authorities.Length, Math.Max(jwt.Length, wit.Length)) > MaxKeys) throw new ArgumentException($"more than {MaxKeys} keys of one kind");
        if (HasRepeatedKeyId(jwt, wit)) throw new ArgumentException("two keys share a kid");

        _x509Der = new(() => BundleWriter.ConcatenatedDer(authorities));
        _jwtKeySet = new(() => BundleWriter.KeySet(jwt, BundleWriter.JwtUse));
        _witKeySet = new(() => BundleWriter.KeySet(wit, BundleWriter.WitUse));
        _document = new(() => BundleWriter.Document(this));
    }

    public TrustDomain TrustDomain { get; }

    /// <summary>CA certificates, DER, each one certificate.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> X509Authorities { get; }

    /// <summary>Keys that JWT-SVIDs may be signed with.</summary>
    public IReadOnlyList<JwsPublicKey> JwtKeys { get; }

    /// <summary>Keys that WIT-SVIDs may be signed with.</summary>
    public IReadOnlyList<JwsPublicKey> WitKeys { get; }

    /// <summary><c>spiffe_sequence</c>: larger for every later bundle of the trust domain (§4.1.1).</summary>
    public ulong? Sequence { get; }

    /// <summary><c>spiffe_refresh_hint</c>: how often a consumer should look again, whole seconds (§4.1.2).</summary>
    public TimeSpan? RefreshHint { get; }

    /// <summary>The CA certificates one behind the other, as the Workload API's X.509 bundles carry them (Workload API §5.2.2).</summary>
    public ReadOnlyMemory<byte> X509Der => _x509Der.Value;

    /// <summary>A JWK Set (RFC 7517), UTF-8, with the JWT keys and no others, each with <c>kid</c> and <c>use</c> (Workload API §6.2.2, JWT-SVID §6.1).</summary>
    public ReadOnlyMemory<byte> JwtKeySet => _jwtKeySet.Value;

    /// <summary>A JWK Set (RFC 7517), UTF-8, with the WIT keys and no others, each with <c>kid</c> and <c>use</c> (Workload API §7.2.2, WIT-SVID §6.1).</summary>
    public ReadOnlyMemory<byte> WitKeySet => _witKeySet.Value;

    /// <summary>The SPIFFE bundle document, UTF-8 JSON (Trust Domain and Bundle §4). It does not name its trust domain: keep that beside it (§3).</summary>
    public ReadOnlyMemory<byte> Document => _document.Value;

    /// <summary>Whether both hold the same keys for the same trust domain in the same order, whatever their sequence.</summary>
    public bool HasSameKeys(TrustBundle other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return TrustDomain.Equals(other.TrustDomain)
            && X509Der.Span.SequenceEqual(other.X509Der.Span)
            && JwtKeySet.Span.SequenceEqual(other.JwtKeySet.Span)
            && WitKeySet.Span.SequenceEqual(other.WitKeySet.Span);
    }

    private static bool HasRepeatedKeyId(JwsPublicKey[] jwt, JwsPublicKey[] wit)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JwsPublicKey key in jwt.Concat(wit))
        {
            if (!seen.Add(key.KeyId)) return true;
        }

        return false;
    }
}
