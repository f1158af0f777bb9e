using Google.Protobuf;
using Spiffe.Agent.Cli.Certificates;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>One X.509-SVID as it was answered.</summary>
/// <param name="SpiffeId">As the answer names it.</param>
/// <param name="Hint">The operator's word on its use; empty when there is none.</param>
/// <param name="IsDefault">Whether it came first (Workload API §8).</param>
/// <param name="Chain">The leaf first.</param>
/// <param name="PrivateKey">PKCS#8, DER. A secret: shown only when asked for.</param>
internal sealed record X509Identity(string SpiffeId, string Hint, bool IsDefault, IReadOnlyList<CertificateView> Chain, ByteString PrivateKey)
{
    public CertificateView Leaf => Chain[0];

    /// <summary>About when its successor is due: agents renew at half of the life, give or take a tenth.</summary>
    public DateTimeOffset RotationExpectedAt => Leaf.NotBefore + ((Leaf.NotAfter - Leaf.NotBefore) / 2);

    public override string ToString() => $"X509-SVID {SpiffeId} [redacted]";
}
