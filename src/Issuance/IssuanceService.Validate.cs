using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance;

// Checking credentials for callers. Here, and not in the caller, so that what is revoked on this node is refused on this node.
public sealed partial class IssuanceService
{
    // Registration keeps this path for tasks, so whatever is below it is a task's.
    private const string TaskPaths = "/agent/";

    private readonly ValidatedTokens _validated = new();
    private BundleSet? _trusted;

    /// <summary>Checks a JWT-SVID for one audience by the bundles that count now, and by what is revoked now.</summary>
    public CredentialCheck<JwtSvid> ValidateJwt(string token, string audience)
    {
        BundleSet trusted = Trusted();
        DateTimeOffset now = _time.GetUtcNow();
        if (!_validated.TryGet(token, audience, trusted, now, out JwtSvidValidation answer))
        {
            answer = JwtSvidValidator.Validate(token, audience, trusted, now, _jwtLeeway);
            _validated.Add(token, audience, trusted, now, answer);
        }

        // The memory is of signatures and claims only: the ledger is asked each time.
        return answer.IsValid ? Settle(answer.Svid, answer.Svid.Id, CredentialKind.Jwt, answer.Svid.TokenId) : CredentialCheck<JwtSvid>.Refused(answer.Broken.ToString());
    }

    /// <summary>Checks a WIT-SVID likewise. It proves nothing about who presents it: the caller checks the proof of possession.</summary>
    public CredentialCheck<WitSvid> ValidateWit(string token)
    {
        WitSvidValidation answer = WitSvidValidator.Validate(token, Trusted(), _time.GetUtcNow(), _jwtLeeway);
        return answer.IsValid ? Settle(answer.Svid, answer.Svid.Id, CredentialKind.Wit, answer.Svid.TokenId) : CredentialCheck<WitSvid>.Refused(answer.Broken.ToString());
    }

    /// <summary>Checks an X.509-SVID likewise. It proves nothing about who presents it: the caller has done a handshake with it.</summary>
    /// <param name="chain">DER certificates one behind the other, the leaf first.</param>
    public CredentialCheck<X509SvidCertificate> ValidateX509(ReadOnlyMemory<byte> chain)
    {
        X509SvidValidation answer = X509SvidValidator.Validate(chain, Trusted(), _time.GetUtcNow());
        return answer.IsValid
            ? Settle(answer.Svid, answer.Svid.Id, CredentialKind.X509, answer.Svid.SerialNumber)
            : CredentialCheck<X509SvidCertificate>.Refused(answer.Broken.ToString());
    }

    /// <summary>Names of another trust domain's credentials are its own: one that equals a name here says nothing.</summary>
    private CredentialCheck<TSvid> Settle<TSvid>(TSvid svid, SpiffeId id, CredentialKind kind, string? name)
        where TSvid : class
    {
        bool isOurs = id.TrustDomain.Equals(Trusted().Own.TrustDomain);
        bool isTask = isOurs && id.Path.StartsWith(TaskPaths, StringComparison.Ordinal);
        return CredentialCheck<TSvid>.Of(svid, isTask, isOurs && name is not null ? Revocations.Find(kind, name) : null);
    }

    private BundleSet Trusted()
    {
        BundleSet? known = Volatile.Read(ref _trusted);
        TrustBundle own = _authority.Bundle;
        if (known is not null && ReferenceEquals(known.Own, own)) return known;
        BundleSet fresh = new(own);
        Volatile.Write(ref _trusted, fresh);
        return fresh;
    }
}
