using Google.Protobuf;
using Spiffe.Agent.Cli.Certificates;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>The X.509 authorities of a trust domain.</summary>
/// <param name="TrustDomain">Its bare name.</param>
/// <param name="Authorities">CA certificates; none says that nothing of this trust domain is to be trusted.</param>
/// <param name="IsFederated">Whether it was answered as another trust domain than that of an identity.</param>
internal sealed record X509Bundle(string TrustDomain, IReadOnlyList<CertificateView> Authorities, bool IsFederated)
{
    /// <param name="id">Any SPIFFE ID of the trust domain.</param>
    /// <param name="certificates">DER, one behind the other.</param>
    /// <param name="isFederated">Becomes <see cref="IsFederated"/>.</param>
    /// <exception cref="FormatException">Not a SPIFFE ID.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Not certificates.</exception>
    public static X509Bundle Read(string id, ByteString certificates, bool isFederated) =>
        new(SpiffeId.Parse(id).TrustDomain.Name, CertificateView.ReadAll(certificates.Memory), isFederated);
}
