using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Issuance.Workloads;

/// <summary>What callers have in common who share one workload.</summary>
/// <param name="Selectors">What they hold.</param>
/// <param name="Tasks">The identities of the tasks that they do; of most none.</param>
internal readonly record struct WorkloadKey(SelectorSet Selectors, TaskIdentities Tasks);
