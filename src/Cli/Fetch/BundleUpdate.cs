using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>The last answers of the three bundle streams. Null is not yet answered; what an endpoint does not serve is empty.</summary>
internal sealed record BundleUpdate(X509BundlesResponse? X509, JWTBundlesResponse? Jwt, WITBundlesResponse? Wit)
{
    /// <summary>Whether every stream has answered.</summary>
    public bool IsWhole => X509 is not null && Jwt is not null && Wit is not null;
}
