using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>What a JOSE header says, before anything in it is believed.</summary>
internal readonly record struct JoseHeader(JwsAlgorithm Algorithm, string? KeyId, string? Type, bool HasOtherMembers)
{
    /// <summary>Reads a header; the order of refusals is the order in which a validator must look (JWT-SVID §4: <c>alg</c> before processing).</summary>
    public static TokenRule TryParse(ReadOnlyMemory<byte> utf8, out JoseHeader header)
    {
        header = default;
        if (!StrictJson.TryParseObject(utf8, out JsonDocument? document)) return TokenRule.HeaderMalformed;
        using (document)
        {
            JsonElement root = document.RootElement;
            if (!JwsAlgorithms.TryParse(root.Text("alg"), out JwsAlgorithm algorithm)) return TokenRule.AlgorithmNotAllowed;
            // No extension is understood here, so whatever is marked critical is not (RFC 7515 §4.1.11).
            if (root.TryGetProperty("crit", out _)) return TokenRule.CriticalHeader;

            (string? keyId, string? type, bool others) = (null, null, false);
            foreach (JsonProperty member in root.EnumerateObject())
            {
                if (member.NameEquals("alg"u8)) continue;
                bool isKeyId = member.NameEquals("kid"u8);
                if (!isKeyId && !member.NameEquals("typ"u8)) others = true;
                else if (member.Value.ValueKind != JsonValueKind.String) return TokenRule.HeaderMalformed;
                else if (isKeyId) keyId = member.Value.GetString();
                else type = member.Value.GetString();
            }

            header = new JoseHeader(algorithm, keyId, type, others);
            return TokenRule.None;
        }
    }
}
