namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Finds the key that signed a token, among the keys that may have.</summary>
internal static class SigningKeySearch
{
    /// <summary>By <c>kid</c> exactly one key is tried; without one, each that fits, of which a bundle holds a bounded number.</summary>
    public static TokenRule TryFind(IReadOnlyList<JwsPublicKey> keys, JoseHeader header, CompactJws jws, out JwsPublicKey? key)
    {
        key = null;
        TokenRule broken = TokenRule.KeyUnknown;
        for (int i = 0; i < keys.Count; i++)
        {
            JwsPublicKey candidate = keys[i];
            bool named = header.KeyId is not null;
            if (named && !string.Equals(header.KeyId, candidate.KeyId, StringComparison.Ordinal)) continue;
            if (!candidate.Fits(header.Algorithm))
            {
                if (named) return TokenRule.AlgorithmMismatch;
                continue;
            }

            if (candidate.Verify(header.Algorithm, jws.SigningInput.Span, jws.Signature.Span))
            {
                key = candidate;
                return TokenRule.None;
            }

            broken = TokenRule.SignatureInvalid;
            if (named) return broken;
        }

        return broken;
    }
}
