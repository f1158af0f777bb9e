using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Reads where a process lives in the cgroup hierarchy. The only place that reads it.</summary>
public sealed class CgroupReader(CgroupOptions options)
{
    /// <summary>Reads it now. Never throws for what a process can bring about: doubt is a refused reading.</summary>
    public CgroupReading Read(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(options);
        return CgroupReading.Refused("", EvidenceRefusal.Unreadable, "cgroups are not read yet");
    }

    /// <summary>Whether <paramref name="reading"/> is still what the kernel says of the process.</summary>
    public static bool IsStill(CgroupReading reading, PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(peer);
        return reading.Text.Length == 0;
    }

    /// <summary>The cgroup of a process that a runtime names, such as Docker's State.Pid: to be held against the caller's. Refused when it is gone.</summary>
    public CgroupReading ReadProcess(int processId) =>
        PeerProcess.TryOpen(processId, out PeerProcess? process, out PeerRefusal refusal)
            ? ReadAndRelease(process)
            : CgroupReading.Refused("", EvidenceRefusal.Unreadable, refusal.ToString());

    private CgroupReading ReadAndRelease(PeerProcess process)
    {
        using (process) return Read(process);
    }
}
