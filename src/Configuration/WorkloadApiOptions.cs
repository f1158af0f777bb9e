namespace Spiffe.Agent.Configuration;

/// <summary><c>workload_api</c>: which profiles are served (Workload API §1) and how tokens are judged.</summary>
public sealed class WorkloadApiOptions
{
    /// <summary><c>x509</c>: the X.509 profile; true by default. Its calls answer Unimplemented when off.</summary>
    public required bool X509 { get; init; }

    /// <summary><c>jwt</c>: the JWT profile; true by default.</summary>
    public required bool Jwt { get; init; }

    /// <summary><c>wit</c>: the WIT profile, which the standard calls incubating; true by default.</summary>
    public required bool Wit { get; init; }

    /// <summary><c>allow_unregistered_bundles</c>: whether callers without an identity may have bundles and validate tokens. False by default.</summary>
    public required bool AllowUnregisteredBundles { get; init; }

    /// <summary><c>jwt_leeway</c>: by how much clocks may differ when a token is validated. 0s to 5m, 30s by default.</summary>
    public required TimeSpan JwtLeeway { get; init; }
}
