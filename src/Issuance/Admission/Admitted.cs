namespace Spiffe.Agent.Issuance.Admission;

/// <summary>The outcome of attestation: a lease on what the caller earns, or the reason why there is none.</summary>
/// <param name="Lease">To be disposed by the caller; null when refused.</param>
/// <param name="Refusal"><see cref="Refusal.None"/> when there is a lease. A lease alone is not an identity: that is asked of it.</param>
public readonly record struct Admitted(WorkloadLease? Lease, Refusal Refusal);
