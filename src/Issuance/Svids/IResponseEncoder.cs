using System.Collections.Immutable;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>Turns SVIDs into the bytes of one answer, once, for every stream that gets the same.</summary>
/// <remarks>The bytes hold private keys: they lie in a pinned array, so that zeroing it leaves no copy behind, and no other copy is made on the way.</remarks>
public interface IResponseEncoder
{
    /// <summary>An X509SVIDResponse, framed for the wire.</summary>
    byte[] EncodeX509(ImmutableArray<Presented<X509Svid>> svids, TrustBundle bundle, CrlSet crls);

    /// <summary>A WITSVIDResponse, framed for the wire.</summary>
    byte[] EncodeWit(ImmutableArray<Presented<WitSvid>> svids);
}
