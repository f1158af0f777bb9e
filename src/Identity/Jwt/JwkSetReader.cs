using System.Collections.Immutable;
using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Reads the keys that somebody else signs with, such as an OpenID provider's: a JSON Web Key Set (RFC 7517 §5). For SPIFFE's own there is <see cref="Bundles.BundleReader"/>.</summary>
/// <remarks>Keys of kinds that are not understood, and those that are for encryption, are passed over as §5 asks; what is understood must be right, or nothing of the set counts.</remarks>
public static class JwkSetReader
{
    /// <summary>Longest document, in bytes. Ours: the large providers publish 2 to 10 KiB.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>Most keys of a set, whatever their kind. Ours: bounds what a token without <c>kid</c> may cost.</summary>
    public const int MaxKeys = 32;

    /// <param name="utf8">The document.</param>
    /// <param name="keys">The keys that can check signatures, at least one; empty when something is wrong.</param>
    /// <returns>What is wrong with it.</returns>
    public static JwkSetFault TryRead(ReadOnlyMemory<byte> utf8, out ImmutableArray<JwsPublicKey> keys)
    {
        keys = [];
        if (utf8.Length > MaxLength) return JwkSetFault.TooLong;
        if (!StrictJson.TryParseObject(utf8, out JsonDocument? document)) return JwkSetFault.NotJson;
        using (document)
        {
            return Read(document.RootElement, ref keys);
        }
    }

    private static JwkSetFault Read(JsonElement root, ref ImmutableArray<JwsPublicKey> keys)
    {
        if (!root.TryGetProperty("keys", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return JwkSetFault.KeysMissing;
        if (list.GetArrayLength() > MaxKeys) return JwkSetFault.TooManyKeys;
        ImmutableArray<JwsPublicKey>.Builder read = ImmutableArray.CreateBuilder<JwsPublicKey>();
        HashSet<string> keyIds = new(StringComparer.Ordinal);
        foreach (JsonElement jwk in list.EnumerateArray())
        {
            if (jwk.ValueKind != JsonValueKind.Object) return JwkSetFault.KeysMissing;
            if (JwkReader.HasPrivateMember(jwk)) return JwkSetFault.PrivateMember;
            if (!IsForSignatures(jwk)) continue;
            JwkFault fault = JwkReader.TryRead(jwk, out JwsPublicKey? key);
            if (fault is JwkFault.KeyTypeUnknown or JwkFault.CurveUnknown) continue;
            if (fault != JwkFault.None) return JwkSetFault.KeyMalformed;
            if (!keyIds.Add(key!.KeyId)) return JwkSetFault.KeyIdRepeated;
            read.Add(key);
        }

        if (read.Count == 0) return JwkSetFault.NoUsableKey;
        keys = read.DrainToImmutable();
        return JwkSetFault.None;
    }

    // RFC 7517 §4.2, §4.3: for whom neither says anything, any use will do.
    private static bool IsForSignatures(JsonElement jwk)
    {
        if (jwk.TryGetProperty("use", out JsonElement use) && !(use.ValueKind == JsonValueKind.String && use.ValueEquals("sig"u8))) return false;
        if (!jwk.TryGetProperty("key_ops", out JsonElement operations)) return true;
        return operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"u8));
    }
}
