using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>Everything that is authoritative for one trust domain.</summary>
/// <param name="X509">X.509 authorities.</param>
/// <param name="JwtKeys">JWKs for JWT-SVIDs.</param>
/// <param name="WitKeys">JWKs for WIT-SVIDs.</param>
internal sealed record TrustDomainBundle(X509Bundle X509, IReadOnlyList<JsonElement> JwtKeys, IReadOnlyList<JsonElement> WitKeys)
{
    public string TrustDomain => X509.TrustDomain;

    /// <summary>By trust domain, in order of their names.</summary>
    /// <exception cref="FaultException">The answers are not what the Workload API promises (§5.2.2, §6.2.2, §7.2.2).</exception>
    public static IReadOnlyList<TrustDomainBundle> ReadAll(BundleUpdate update, EndpointAddress address)
    {
        try
        {
            Dictionary<string, X509Bundle> x509 = update.X509!.Bundles.Select(b => X509Bundle.Read(b.Key, b.Value, isFederated: false)).ToDictionary(b => b.TrustDomain, StringComparer.Ordinal);
            Dictionary<string, IReadOnlyList<JsonElement>> jwt = update.Jwt!.Bundles.ToDictionary(b => Name(b.Key), b => Keys(b.Value.Memory), StringComparer.Ordinal);
            Dictionary<string, IReadOnlyList<JsonElement>> wit = update.Wit!.Bundles.ToDictionary(b => Name(b.Key), b => Keys(Encoding.UTF8.GetBytes(b.Value)), StringComparer.Ordinal);
            return [.. x509.Keys.Union(jwt.Keys).Union(wit.Keys).Order(StringComparer.Ordinal).Select(name => new TrustDomainBundle(
                x509.GetValueOrDefault(name) ?? new X509Bundle(name, [], false),
                jwt.GetValueOrDefault(name) ?? [],
                wit.GetValueOrDefault(name) ?? []))];
        }
        catch (Exception e) when (e is FormatException or CryptographicException or JsonException or ArgumentException)
        {
            throw new FaultException(CallFaults.Malformed(e.Message, address));
        }
    }

    private static string Name(string id) => SpiffeId.Parse(id).TrustDomain.Name;

    private static IReadOnlyList<JsonElement> Keys(ReadOnlyMemory<byte> keySet)
    {
        using JsonDocument json = JsonDocument.Parse(keySet, new JsonDocumentOptions { AllowDuplicateProperties = false });
        bool hasKeys = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array;
        if (!hasKeys) throw new FormatException("a bundle is no JWK set");
        return [.. json.RootElement.GetProperty("keys").EnumerateArray().Where(k => k.ValueKind == JsonValueKind.Object).Select(k => k.Clone())];
    }
}
