using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>What an engine said of a container, after it was held against the kernel.</summary>
/// <param name="Needed">What it was asked for.</param>
/// <param name="Evidence">What is believed.</param>
/// <param name="Refused">Why nothing is, when nothing is.</param>
/// <param name="Container">The cgroup of the container's first process.</param>
/// <param name="ProcessId">The container's first process.</param>
/// <param name="StartTime">When that started, in clock ticks from boot.</param>
/// <param name="Taken">When it was asked, by the clock's timestamp.</param>
internal sealed record Testimony(
    SelectorKinds Needed, IReadOnlyList<EvidenceItem> Evidence, IReadOnlyList<RefusedEvidence> Refused, CgroupReading? Container, int ProcessId, ulong StartTime, long Taken)
{
    /// <summary>Whether it speaks of the container that a caller is in, and that lives.</summary>
    internal bool HoldsFor(CgroupReading caller) => Container is not null && Container.IsSameContainer(caller) && PeerProcess.ReadStartTime(ProcessId) == StartTime;

    /// <summary>Nothing is believed.</summary>
    internal static Testimony None(SelectorKinds needed, string type, EvidenceRefusal reason, string detail) =>
        new(needed, [], [new RefusedEvidence(type, "", reason, detail)], null, 0, 0, 0);
}
