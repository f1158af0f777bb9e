using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>Decides on whose behalf a task is: verifies a signed assertion (an OpenID Connect ID token, a CI system's job token) by its issuer's configured keys. Safe for any thread.</summary>
/// <remarks>
/// What is cheap to refuse is refused before any cryptography. The keys come from the configuration alone, by <c>iss</c> and <c>kid</c>; the key says which
/// algorithms it can be used with, and the issuer's list which it may. An assertion counts once: the attempt that passes every check spends it, whatever
/// becomes of the task. It is remembered by its <c>jti</c>, or by what was signed; not by the whole text, since everybody can write an ECDSA
/// signature in a second way. The token is not kept, not logged and in no exception; nothing here throws for what it holds.
/// </remarks>
public sealed class SubjectVerifier
{
    private readonly FrozenDictionary<string, Issuer> _issuers;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">Two issuers have one name, or one keeps more claims than <see cref="SubjectIssuer.MaxClaims"/>.</exception>
    public SubjectVerifier(SubjectOptions options, TimeProvider time, ILogger<SubjectVerifier> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RememberedPerIssuer, 1);
        if (options.Issuers.Any(issuer => issuer.Claims.Length > SubjectIssuer.MaxClaims)) throw new ArgumentException($"an issuer keeps more than {SubjectIssuer.MaxClaims} claims");
        _time = time;
        _issuers = options.Issuers.ToFrozenDictionary(
            said => said.Issuer,
            said => new Issuer(said, new SubjectKeys(said, time, logger), new SpentAssertions(options.RememberedPerIssuer)),
            StringComparer.Ordinal);
    }

    /// <summary>Verifies an assertion and spends it.</summary>
    /// <param name="assertion">The token as it was presented.</param>
    /// <param name="accepted">Issuers that count here; none named: every configured one.</param>
    public SubjectVerification Verify(ReadOnlySpan<char> assertion, ImmutableArray<string> accepted)
    {
        if (assertion.Length > CompactJws.MaxLength) return SubjectVerification.Refused(SubjectRefusal.TooLong);
        if (!CompactJws.TryParse(assertion, out CompactJws jws)) return SubjectVerification.Refused(SubjectRefusal.NotCompact);
        using (jws)
        {
            SubjectRefusal broken = AssertionHeader.TryRead(jws.Header, out JoseHeader header);
            if (broken != SubjectRefusal.None) return SubjectVerification.Refused(broken);
            if (!StrictJson.TryParseObject(jws.Payload, out JsonDocument? document)) return SubjectVerification.Refused(SubjectRefusal.ClaimsMalformed);
            using (document)
            {
                return Verify(document.RootElement, header, jws, accepted);
            }
        }
    }

    /// <summary>Remembers an assertion that was spent before this verifier was made, as a record of issued tasks tells after a restart. One of an issuer that is no longer configured is none.</summary>
    public void Restore(SpentAssertion spent)
    {
        ArgumentNullException.ThrowIfNull(spent);
        if (!_issuers.TryGetValue(spent.Issuer, out Issuer? issuer)) return;
        issuer.Spent.TrySpend(Halves(Convert.FromHexString(spent.Digest)), spent.Until, _time.GetUtcNow());
    }

    private SubjectVerification Verify(JsonElement root, JoseHeader header, CompactJws jws, ImmutableArray<string> accepted)
    {
        if (AssertionClaims.TryRead(root) is not { } claims) return SubjectVerification.Refused(SubjectRefusal.ClaimsMalformed);
        if (claims.HasEvents) return SubjectVerification.Refused(SubjectRefusal.TypeNotAllowed);
        if (claims.Issuer is not { } name || !_issuers.TryGetValue(name, out Issuer? issuer)) return SubjectVerification.Refused(SubjectRefusal.IssuerUnknown);
        if (!accepted.IsDefaultOrEmpty && !accepted.Contains(name, StringComparer.Ordinal)) return SubjectVerification.Refused(SubjectRefusal.IssuerNotAccepted);
        if (!issuer.Said.Algorithms.Contains(header.Algorithm)) return SubjectVerification.Refused(SubjectRefusal.AlgorithmNotAllowed);

        DateTimeOffset now = _time.GetUtcNow();
        SubjectRefusal broken = claims.CheckAudience(issuer.Said.Audience);
        if (broken == SubjectRefusal.None) broken = claims.CheckTime(now, issuer.Said.Leeway, issuer.Said.MaxAge);
        if (broken == SubjectRefusal.None) broken = claims.CheckSubject();
        if (broken != SubjectRefusal.None) return SubjectVerification.Refused(broken);

        TokenRule found = SigningKeySearch.TryFind(issuer.Keys.Now(), header, jws, out _);
        if (found != TokenRule.None) return SubjectVerification.Refused(AssertionHeader.Refusal(found));
        if (!KeptClaims.TryRead(root, issuer.Said.Claims, out ImmutableSortedDictionary<string, SubjectClaim>? kept)) return SubjectVerification.Refused(SubjectRefusal.ClaimUnusable);

        byte[] digest = DigestOf(claims, jws);
        DateTimeOffset end = claims.End(issuer.Said.Leeway, issuer.Said.MaxAge);
        broken = issuer.Spent.TrySpend(Halves(digest), end, now);
        if (broken != SubjectRefusal.None) return SubjectVerification.Refused(broken);
        return SubjectVerification.Accepted(new DelegatedSubject
        {
            Issuer = name,
            Subject = claims.Subject!,
            Claims = kept,
            IssuedAt = claims.IssuedAt!.Value,
            Spent = new SpentAssertion(name, Convert.ToHexStringLower(digest), end),
        });
    }

    // The first byte tells the two apart: no jti can be written that is another token's signing input.
    private static byte[] DigestOf(AssertionClaims claims, CompactJws jws) =>
        claims.TokenId is { } tokenId ? SHA256.HashData([0, .. Encoding.UTF8.GetBytes(tokenId)]) : SHA256.HashData([1, .. jws.SigningInput.Span]);

    private static (UInt128, UInt128) Halves(ReadOnlySpan<byte> digest) => (BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));

    /// <summary>One configured issuer at work.</summary>
    private sealed record Issuer(SubjectIssuer Said, SubjectKeys Keys, SpentAssertions Spent);
}
