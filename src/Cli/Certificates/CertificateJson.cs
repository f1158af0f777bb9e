using System.Text.Json;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Certificates;

/// <summary>A certificate's members in JSON output: docs/cli.md.</summary>
internal static class CertificateJson
{
    public static void Write(Utf8JsonWriter json, CertificateView certificate)
    {
        json.WriteString("spiffe_id", certificate.SpiffeId);
        json.WriteString("subject", certificate.Subject);
        json.WriteString("issuer", certificate.Issuer);
        json.WriteString("serial_number", certificate.SerialNumber);
        json.WriteString("key_type", certificate.Key);
        json.WriteMoment("not_before", certificate.NotBefore);
        json.WriteMoment("not_after", certificate.NotAfter);
        json.WriteString("sha256", certificate.Sha256);
        json.WriteString("pem", certificate.ToPem());
    }
}
