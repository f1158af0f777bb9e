namespace Spiffe.Agent.Audit.Store;

/// <summary>Where a log is, and what it is called.</summary>
public sealed class AuditStoreOptions
{
    /// <summary>Its directory; made if it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>Its name, as a new log gets it; of one that exists it must be the same. A URL without its scheme, such as <c>example.org/audit</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether <see cref="Origin"/> is for a new log only: one that exists keeps its name, whatever that is. For names that nobody chose, such as after a host.</summary>
    public bool KeepsName { get; init; }

    public AuditRetention Keep { get; init; } = new();

    public AuditStoreLimits Limits { get; init; } = new();
}
