using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Authority.Tokens;
using Spiffe.Agent.Authority.X509;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Authority;

/// <content>Signs what says that SVIDs are dead: revocation lists with the CA's keys, status lists with a key of their own.</content>
public sealed partial class EmbeddedAuthority
{
    /// <summary>The keys that check status lists, as a JWK set; another object whenever they changed. None of them is in <see cref="Bundle"/>.</summary>
    public ReadOnlyMemory<byte> StatusKeySet => _snapshot.StatusKeySet;

    /// <summary>Signs a revocation list for each CA key whose certificates may be alive, the active one first; RFC 5280 §5.</summary>
    /// <param name="revoked">What is revoked, of any of them. What was signed by none of them is left out: its issuer is gone from the bundle, so it cannot be valid.</param>
    /// <param name="number">Larger than in the last call.</param>
    /// <param name="life">Until when the next list comes, at least a minute.</param>
    public IReadOnlyList<CertificateRevocationList> SignCrls(IReadOnlyCollection<RevokedCertificate> revoked, long number, TimeSpan life)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfLessThan(life, TimeSpan.FromMinutes(1));
        DateTimeOffset now = WholeSeconds(_time.GetUtcNow());
        ILookup<string, RevokedCertificate> byIssuer = revoked.ToLookup(entry => entry.IssuerKeyId, StringComparer.Ordinal);
        List<CertificateRevocationList> lists = [];
        foreach (X509Issuer issuer in OwnersOfLists())
        {
            try
            {
                RevokedCertificate[] ofIssuer = [.. byIssuer[issuer.Name], .. byIssuer[""]];
                byte[] list = CertificateRevocationListWriter.Sign(issuer.Key, new CertificateRevocationListContent
                {
                    Issuer = issuer.Subject,
                    AuthorityKeyIdentifier = issuer.KeyIdentifier,
                    ThisUpdate = now,
                    NextUpdate = WholeSeconds(now + life),
                    Number = number,
                    Revoked = ofIssuer,
                });
                lists.Add(new CertificateRevocationList(issuer.Name, number, list, ofIssuer.Length));
            }
            finally
            {
                issuer.Release();
            }
        }

        return lists;
    }

    /// <summary>Signs a Status List Token (draft-ietf-oauth-status-list §5.1).</summary>
    /// <exception cref="ArgumentException">The address is none, a time is too short, or the list is longer than a token may be.</exception>
    public StatusListToken SignStatusList(StatusListRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(request.Uri, nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.TimeToLive, TimeSpan.FromSeconds(1), nameof(request));
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Lifetime, request.TimeToLive, nameof(request));
        return With(static s => s.Status, request, static (authority, issuer, request, now) =>
        {
            DateTimeOffset expiry = ExpiryOf(request.Lifetime, issuer, now);
            string token = TokenWriter.Sign(issuer, (request, now, expiry), [], static (json, state) =>
            {
                json.WriteString("sub"u8, state.request.Uri);
                json.WriteNumber("iat"u8, state.now.ToUnixTimeSeconds());
                json.WriteNumber("exp"u8, state.expiry.ToUnixTimeSeconds());
                json.WriteNumber("ttl"u8, (long)state.request.TimeToLive.TotalSeconds);
                json.WriteStartObject("status_list"u8);
                json.WriteNumber("bits"u8, StatusBits.BitsPerStatus);
                json.WriteString("lst"u8, StatusBits.Encode(state.request.Statuses.Span));
                json.WriteEndObject();
            }).Token;
            return new StatusListToken(token, WholeSeconds(now), expiry, issuer.Name);
        });
    }

    /// <summary>Every CA key of the bundle, held: the caller releases each. None is left out because a rotation ran meanwhile.</summary>
    private X509Issuer[] OwnersOfLists()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            X509Issuer[] issuers = [.. _snapshot.X509.All];
            int held = 0;
            while (held < issuers.Length && issuers[held].TryAcquire()) held++;
            if (held == issuers.Length) return issuers;
            foreach (X509Issuer issuer in issuers.AsSpan(0, held)) issuer.Release();
        }
    }
}
