using System.Security.Cryptography;
using Spiffe.Agent.Cli.Certificates;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>X.509-SVIDs for programs, with their private keys: docs/cli.md.</summary>
internal static class X509Json
{
    public static string Write(X509Update update, bool onOneLine) => JsonText.Object(onOneLine, json =>
    {
        json.WriteObjects("svids", update.Identities, (_, identity) =>
        {
            json.WriteString("spiffe_id", identity.SpiffeId);
            json.WriteString("hint", identity.Hint);
            json.WriteBoolean("default", identity.IsDefault);
            json.WriteMoment("not_before", identity.Leaf.NotBefore);
            json.WriteMoment("not_after", identity.Leaf.NotAfter);
            json.WriteMoment("rotation_expected_at", identity.RotationExpectedAt);
            json.WriteTexts("dns_names", identity.Leaf.DnsNames);
            json.WriteString("private_key", X509Pem.Key(identity));
            json.WriteObjects("certificates", identity.Chain, CertificateJson.Write);
        });
        json.WriteObjects("bundles", update.Bundles, (_, bundle) =>
        {
            json.WriteString("trust_domain", bundle.TrustDomain);
            json.WriteBoolean("federated", bundle.IsFederated);
            json.WriteObjects("authorities", bundle.Authorities, CertificateJson.Write);
        });
        json.WriteTexts("crls", update.Crls.Select(crl => PemEncoding.WriteString("X509 CRL", crl.Span) + "\n"));
    });
}
