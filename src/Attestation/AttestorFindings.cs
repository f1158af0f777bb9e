using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Attestation;

/// <summary>What one attestor found about a process.</summary>
/// <param name="Evidence">Selectors and where each was read.</param>
/// <param name="Refused">What was asked for and could not be believed.</param>
public sealed record AttestorFindings(IReadOnlyList<EvidenceItem> Evidence, IReadOnlyList<RefusedEvidence> Refused)
{
    /// <summary>Nothing found and nothing wrong: the attestor has nothing to say about this process.</summary>
    public static AttestorFindings None { get; } = new([], []);

    /// <summary>The executable that evidence was taken from; the process must still run it when attestation ends.</summary>
    internal ExecutableId? Executable { get; init; }

    /// <summary>The cgroup that evidence was taken from; the process must still be in it when attestation ends.</summary>
    internal CgroupReading? Cgroup { get; init; }

    /// <summary>Some of the evidence was not taken: the user has as much of it waiting as one user may.</summary>
    internal bool IsBusy { get; init; }
}
