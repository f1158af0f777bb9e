using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>A certificate that was signed for a worker's own key.</summary>
/// <param name="Identity">For which generation.</param>
/// <param name="Svid">The certificate.</param>
/// <param name="RotateAt">When another is due.</param>
internal sealed record CertifiedKey(TaskEntitlement Identity, X509SvidCertificate Svid, DateTimeOffset RotateAt);
