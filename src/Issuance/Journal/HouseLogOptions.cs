using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Where the audit log is, and who witnesses it.</summary>
public sealed record HouseLogOptions
{
    public required AuditStoreOptions Store { get; init; }

    /// <summary>How long one key signs; null: it stays.</summary>
    public TimeSpan? KeyAge { get; init; }

    /// <summary>A policy that names witnesses with their URLs (C2SP tlog-policy); null: nobody is asked.</summary>
    public string? WitnessPolicy { get; init; }
}
