using System.Text;
using Google.Protobuf;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>The three bundle answers for one bundle and its revocation lists, each encoded once. Public keys only.</summary>
internal sealed class BundleResponses(TrustBundle bundle, CrlSet crls)
{
    private readonly string _trustDomain = bundle.TrustDomain.Id.ToString();

    /// <summary>X.509 authorities and revocation lists in DER. Workload API §5.2.2.</summary>
    public EncodedMessage X509 => field ??= EncodedMessage.From(EncodeX509());

    /// <summary>A JWK set with the JWT-SVID keys only. Workload API §6.2.2.</summary>
    public EncodedMessage Jwt => field ??= EncodedMessage.From(
        new JWTBundlesResponse { Bundles = { [_trustDomain] = UnsafeByteOperations.UnsafeWrap(bundle.JwtKeySet) } });

    /// <summary>A JWK set with the WIT-SVID keys only. Workload API §7.2.2.</summary>
    public EncodedMessage Wit => field ??= EncodedMessage.From(
        new WITBundlesResponse { Bundles = { [_trustDomain] = Encoding.UTF8.GetString(bundle.WitKeySet.Span) } });

    /// <summary>Whether this is what would be answered for these.</summary>
    public bool IsOf(TrustBundle otherBundle, CrlSet otherCrls) => ReferenceEquals(bundle, otherBundle) && ReferenceEquals(crls, otherCrls);

    private X509BundlesResponse EncodeX509()
    {
        X509BundlesResponse response = new() { Bundles = { [_trustDomain] = UnsafeByteOperations.UnsafeWrap(bundle.X509Der) } };
        foreach (CertificateRevocationList crl in crls.Lists) response.Crl.Add(UnsafeByteOperations.UnsafeWrap(crl.Der));
        return response;
    }
}
