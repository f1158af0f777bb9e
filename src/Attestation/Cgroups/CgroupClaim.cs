using System.Collections.Immutable;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>What a text of /proc/PID/cgroup says by itself. It follows from the text alone; whether the directories bear it out has to be seen each time.</summary>
/// <param name="Lines">Empty when the text is not read.</param>
/// <param name="Choice">The line that counts, with what it says; none when it is refused.</param>
/// <param name="Refusal">Why nothing counts.</param>
/// <param name="Detail">With the culprit.</param>
internal sealed record CgroupClaim(ImmutableArray<CgroupLine> Lines, CgroupChoice Choice, EvidenceRefusal? Refusal, string Detail)
{
    private const string OutOfView = "the cgroup lies outside of the agent's cgroup namespace: run the agent in the host's (in Kubernetes: privileged), or mount the host's cgroup2 "
        + "file system and give it CAP_DAC_READ_SEARCH (Linux 6.13)";

    internal static CgroupClaim Of(string text, CgroupLayouts layouts)
    {
        if (!CgroupLines.TryParse(text, out ImmutableArray<CgroupLine> lines, out EvidenceRefusal reason, out string detail)) return new CgroupClaim(lines, default, reason, detail);
        if (lines.Any(line => line.IsOutOfView)) return new CgroupClaim(lines, default, EvidenceRefusal.CgroupOutOfView, OutOfView);
        return CgroupChoice.TryChoose(lines, layouts, out CgroupChoice choice, out string conflict)
            ? new CgroupClaim(lines, choice, null, "")
            : new CgroupClaim(lines, default, EvidenceRefusal.CgroupAmbiguous, conflict);
    }
}
