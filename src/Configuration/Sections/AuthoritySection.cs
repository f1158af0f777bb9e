using System.Collections.Immutable;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>authority</c>.</summary>
internal static class AuthoritySection
{
    private static readonly ImmutableArray<(string, KeyType)> KeyTypes =
    [
        ("ec-p256", KeyType.EcP256), ("ec-p384", KeyType.EcP384), ("rsa-2048", KeyType.Rsa2048),
    ];

    public static AuthorityOptions Read(Section section, TrustDomain? trustDomain)
    {
        section.Choice("kind", "embedded", [("embedded", "embedded")]);
        TimeSpan caTtl = section.Duration("ca_ttl", TimeSpan.FromHours(24), TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650));
        SvidTtlRule ttls = new(caTtl);
        AuthorityOptions options = new()
        {
            CaTtl = caTtl,
            X509Ttl = ttls.Read(section, "x509_ttl", TimeSpan.FromHours(1)),
            JwtTtl = ttls.Read(section, "jwt_ttl", TimeSpan.FromMinutes(5)),
            WitTtl = ttls.Read(section, "wit_ttl", TimeSpan.FromHours(1)),
            JwtIssuer = ReadIssuer(section) ?? trustDomain?.Id.ToString() ?? "",
            KeyType = section.Choice("key_type", KeyType.EcP256, KeyTypes),
            CaKeyType = section.Choice("ca_key_type", KeyType.EcP256, KeyTypes),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    /// <summary>An https URL, as verifiers that look keys up by issuer need it (OpenID Connect Discovery §4).</summary>
    private static string? ReadIssuer(Section section)
    {
        if (section.Single("jwt_issuer") is not { } value) return null;
        if (IssuerUrl.IsValid(value.Text)) return value.Text;
        value.Fault("is not an issuer", IssuerUrl.Remedy);
        return null;
    }
}
