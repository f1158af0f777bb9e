using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Cli.Certificates;

/// <summary>Names a public key's kind and strength.</summary>
internal static class KeyKind
{
    public static string Of(PublicKey key)
    {
        using ECDsa? ec = key.GetECDsaPublicKey();
        if (ec is not null) return $"EC P-{ec.KeySize}";
        using RSA? rsa = key.GetRSAPublicKey();
        return rsa is not null ? $"RSA {rsa.KeySize}" : key.Oid.FriendlyName ?? key.Oid.Value ?? "unknown";
    }
}
