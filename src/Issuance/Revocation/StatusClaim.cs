using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>The claim by which a token says where its status is found (draft-ietf-oauth-status-list §6.2).</summary>
internal static class StatusClaim
{
    /// <summary>Its name.</summary>
    public const string Name = "status";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(int index, string uri)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("status_list"u8);
            json.WriteNumber("idx"u8, index);
            json.WriteString("uri"u8, uri);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
