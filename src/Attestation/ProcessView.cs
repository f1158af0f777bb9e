using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Attestation;

/// <summary>What a person wants to know of a process beside its selectors. For <c>explain</c>: none of it is evidence.</summary>
/// <param name="UserId">Effective user id.</param>
/// <param name="GroupId">Effective group id.</param>
/// <param name="StartedAt">When it was started, to about a second; null where that cannot be read.</param>
/// <param name="Executable">What it runs, as its own mounts name it; null where that cannot be read or shown.</param>
/// <param name="Cgroup">Where it lives, and what that was recognised as.</param>
public sealed record ProcessView(uint UserId, uint GroupId, DateTimeOffset? StartedAt, string? Executable, CgroupReading Cgroup);
