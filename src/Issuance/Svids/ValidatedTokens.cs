using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>Tokens that were found good, so that the next one who asks about the same token does not pay for its signature again.</summary>
/// <remarks>
/// An answer is reused for exactly the same token and audience, by exactly the same bundles, at a time not before it was given and before the token's expiry without
/// any leeway: there no rule can answer otherwise. Everything else is checked in full, and refusals are never remembered. Bounded: when it is full, all of it is forgotten.
/// </remarks>
internal sealed class ValidatedTokens
{
    /// <summary>Answers kept. Ours: with <see cref="MaxTokenLength"/> at most some 6 MiB.</summary>
    public const int MaxAnswers = 512;

    /// <summary>Longest token that is kept, in characters. Ours: a JWT-SVID has some 500.</summary>
    public const int MaxTokenLength = 4096;

    private readonly Lock _gate = new(); // Guards both below.
    private readonly Dictionary<(string Token, string Audience), (JwtSvidValidation Answer, DateTimeOffset GivenAt)> _answers = [];
    private BundleSet? _bundles;

    /// <summary>The answer given before, if it must still be the same one.</summary>
    public bool TryGet(string token, string audience, BundleSet bundles, DateTimeOffset now, out JwtSvidValidation answer)
    {
        answer = default;
        lock (_gate)
        {
            if (!ReferenceEquals(_bundles, bundles) || !_answers.TryGetValue((token, audience), out (JwtSvidValidation Answer, DateTimeOffset GivenAt) known)) return false;
            if (now < known.GivenAt || known.Answer.Svid is not { } svid || now >= svid.ExpiresAt) return false;
            answer = known.Answer;
            return true;
        }
    }

    /// <summary>Remembers an answer that was just worked out, if it is good and small.</summary>
    public void Add(string token, string audience, BundleSet bundles, DateTimeOffset now, JwtSvidValidation answer)
    {
        if (!answer.IsValid || token.Length > MaxTokenLength || audience.Length > MaxTokenLength) return;
        lock (_gate)
        {
            if (!ReferenceEquals(_bundles, bundles) || _answers.Count >= MaxAnswers) _answers.Clear();
            _bundles = bundles;
            _answers[(token, audience)] = (answer, now);
        }
    }
}
