using System.Security.Cryptography;
using Spiffe.Agent.Cli.Certificates;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>One X.509-SVID as servers take it: the chain, the leaf first, then the key (PKCS#8).</summary>
internal static class X509Pem
{
    public static string Write(X509Identity identity) => Certificates(identity.Chain) + Key(identity);

    public static string Certificates(IEnumerable<CertificateView> certificates) => string.Concat(certificates.Select(c => c.ToPem()));

    public static string Key(X509Identity identity) => PemEncoding.WriteString("PRIVATE KEY", identity.PrivateKey.Span) + "\n";
}
