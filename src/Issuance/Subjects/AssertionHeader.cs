using System.Text.Json;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>The rules for an assertion's header. Keys that it brings along (<c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>x5u</c>) are neither looked at nor fetched.</summary>
internal static class AssertionHeader
{
    public static SubjectRefusal TryRead(ReadOnlyMemory<byte> utf8, out JoseHeader header)
    {
        TokenRule broken = JoseHeader.TryParse(utf8, out header);
        if (broken != TokenRule.None) return Refusal(broken);
        if (header.Type is { } type && !string.Equals(type, "JWT", StringComparison.OrdinalIgnoreCase)) return SubjectRefusal.TypeNotAllowed;
        return header.HasOtherMembers && AsksForRawPayload(utf8) ? SubjectRefusal.CriticalHeader : SubjectRefusal.None;
    }

    /// <summary>What the search for the signing key, and the header before it, refuse by.</summary>
    public static SubjectRefusal Refusal(TokenRule broken) => broken switch
    {
        TokenRule.AlgorithmNotAllowed => SubjectRefusal.AlgorithmNotAllowed,
        TokenRule.CriticalHeader => SubjectRefusal.CriticalHeader,
        TokenRule.KeyUnknown => SubjectRefusal.KeyUnknown,
        TokenRule.AlgorithmMismatch => SubjectRefusal.AlgorithmMismatch,
        TokenRule.SignatureInvalid => SubjectRefusal.SignatureInvalid,
        _ => SubjectRefusal.HeaderMalformed,
    };

    // RFC 7797 §6: who writes b64 must also write crit, which is refused already; one without the other means two things to two readers.
    private static bool AsksForRawPayload(ReadOnlyMemory<byte> utf8)
    {
        if (!StrictJson.TryParseObject(utf8, out JsonDocument? document)) return true;
        using (document)
        {
            return document.RootElement.TryGetProperty("b64", out _);
        }
    }
}
