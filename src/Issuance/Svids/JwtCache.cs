using System.Collections.Immutable;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The JWT-SVIDs of one identity, by audience, each served until its rotation point.</summary>
internal sealed class JwtCache(Func<IReadOnlyList<string>, JwtSvid?> sign, TimeProvider time)
{
    /// <summary>Audience sets remembered for each identity. Ours: past that the one nearest to its end is forgotten, which costs a signature.</summary>
    public const int MaxAudienceSets = 64;

    private readonly Lock _gate = new(); // Guards _tokens. Not held while signing: one slow audience must not hold up another.
    private readonly Dictionary<AudienceSet, Token> _tokens = [];

    /// <summary>The token for these audiences, signed when there is none or it is due; null when nothing may be signed for them.</summary>
    public JwtSvid? Get(AudienceSet audiences)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (_tokens.TryGetValue(audiences, out Token cached) && now < cached.RotateAt && now >= cached.SignedAt) return cached.Svid;
        }

        if (sign(audiences.Names) is not { } signed) return null;
        lock (_gate)
        {
            if (_tokens.Count >= MaxAudienceSets && !_tokens.ContainsKey(audiences)) _tokens.Remove(_tokens.MinBy(t => t.Value.RotateAt).Key);
            _tokens[audiences] = new Token(signed, now, RotationPoint.Draw(now, signed.ExpiresAt));
        }

        return signed;
    }

    /// <summary>What is to be said of the tokens that have not expired. Signs nothing.</summary>
    public ImmutableArray<TSaid> Peek<TSaid>(Func<JwtSvid, TSaid> say)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate) return [.. _tokens.Values.Where(token => now < token.Svid.ExpiresAt).Select(token => say(token.Svid))];
    }

    public void Clear()
    {
        lock (_gate) _tokens.Clear();
    }

    private readonly record struct Token(JwtSvid Svid, DateTimeOffset SignedAt, DateTimeOffset RotateAt);
}
