using System.Buffers;
using System.Text.Json;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Tokens;

/// <summary>Public keys as any JOSE library reads them. Not a SPIFFE bundle: <c>use</c> is <c>sig</c>, which no SVID validator takes (JWT-SVID §6.1).</summary>
internal static class JwkSet
{
    public static ReadOnlyMemory<byte> Write(IEnumerable<JwsPublicKey> keys)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (JwsPublicKey key in keys)
            {
                json.WriteStartObject();
                JwkWriter.WriteParameters(json, key);
                json.WriteString("kid"u8, key.KeyId);
                json.WriteString("use"u8, "sig"u8);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
