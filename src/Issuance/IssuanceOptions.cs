using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance;

/// <summary>Bounds of issuance.</summary>
public sealed class IssuanceOptions
{
    /// <summary>Calls that one user may begin in a second, counted before any evidence is taken; 0: no limit.</summary>
    public required int RequestsPerSecondPerUser { get; init; }

    /// <summary>Calls that one user may begin at once.</summary>
    public required int RequestBurstPerUser { get; init; }

    /// <summary>How far clocks may differ when a token is validated.</summary>
    public required TimeSpan JwtLeeway { get; init; }

    /// <summary>Bounds of the ledger of task credentials, and where status lists are found.</summary>
    public RevocationOptions Revocation { get; init; } = new();
}
