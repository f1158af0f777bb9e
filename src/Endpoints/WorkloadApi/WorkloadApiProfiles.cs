namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>Which profiles of the Workload API are served (§1), and to whom public keys go.</summary>
/// <param name="X509">The X.509-SVID profile.</param>
/// <param name="Jwt">The JWT-SVID profile.</param>
/// <param name="Wit">The WIT-SVID profile. Off: its methods answer Unimplemented (§7).</param>
/// <param name="AllowUnregisteredBundles">Whether attested callers without an identity may have bundles and validate tokens.</param>
public sealed record WorkloadApiProfiles(bool X509, bool Jwt, bool Wit, bool AllowUnregisteredBundles);
