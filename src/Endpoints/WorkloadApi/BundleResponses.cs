using System.Text;
using Google.Protobuf;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>The three bundle answers for one bundle, each encoded once. Public keys only.</summary>
internal sealed class BundleResponses(TrustBundle bundle)
{
    private readonly string _trustDomain = bundle.TrustDomain.Id.ToString();

    public TrustBundle Bundle => bundle;

    /// <summary>X.509 authorities in DER. Workload API §5.2.2.</summary>
    public EncodedMessage X509 => field ??= EncodedMessage.From(
        new X509BundlesResponse { Bundles = { [_trustDomain] = UnsafeByteOperations.UnsafeWrap(bundle.X509Der) } });

    /// <summary>A JWK set with the JWT-SVID keys only. Workload API §6.2.2.</summary>
    public EncodedMessage Jwt => field ??= EncodedMessage.From(
        new JWTBundlesResponse { Bundles = { [_trustDomain] = UnsafeByteOperations.UnsafeWrap(bundle.JwtKeySet) } });

    /// <summary>A JWK set with the WIT-SVID keys only. Workload API §7.2.2.</summary>
    public EncodedMessage Wit => field ??= EncodedMessage.From(
        new WITBundlesResponse { Bundles = { [_trustDomain] = Encoding.UTF8.GetString(bundle.WitKeySet.Span) } });
}
