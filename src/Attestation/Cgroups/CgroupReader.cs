using System.Collections.Immutable;
using System.Globalization;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Reads where a process lives in the cgroup hierarchy. The only place that reads it.</summary>
/// <remarks><para>What it says is said by the kernel and by root: the text comes from this process's own /proc, so no mount of the workload's changes it; the path is recognised
/// as a whole; every directory on it belongs to whom it must; and where the kernel tells the id of a process's cgroup (6.13), the path must lead to that id.</para>
/// <para>Needs no privilege on v2 but CAP_SYS_PTRACE for rootless containers whose processes run as other users, and CAP_DAC_READ_SEARCH in a cgroup namespace of
/// its own. Safe for use by several threads. About 10 µs a reading.</para></remarks>
public sealed class CgroupReader(CgroupOptions options)
{
    private const string OutOfView = "the cgroup lies outside of the agent's cgroup namespace: run the agent in the host's (in Kubernetes: privileged), or mount the host's cgroup2 "
        + "file system and give it CAP_DAC_READ_SEARCH (Linux 6.13)";

    private readonly CgroupLayouts _layouts = new(options ?? throw new ArgumentNullException(nameof(options)));
    private readonly CgroupMounts _mounts = new();

    /// <summary>Reads it now. Never throws for what a process can bring about: doubt is a refused reading.</summary>
    public CgroupReading Read(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (CgroupText.Read(peer, out int error) is not { } text)
            return CgroupReading.Refused("", EvidenceRefusal.Unreadable, string.Create(CultureInfo.InvariantCulture, $"/proc/{peer.ProcessId}/cgroup: errno {error}"));
        if (!CgroupLines.TryParse(text, out ImmutableArray<CgroupLine> lines, out EvidenceRefusal reason, out string detail)) return CgroupReading.Refused(text, reason, detail);
        if (!CgroupId.TryRead(peer, out ulong? id)) return CgroupReading.Refused(text, EvidenceRefusal.Unreadable, "the process has exited");

        CgroupReading read = ReadView(text, lines, id, peer);
        bool saysNothing = read.Refusal == EvidenceRefusal.CgroupOutOfView || (read.Refusal is null && read.Inode == 0);
        return saysNothing ? ReadHost(text, lines, id, peer) ?? read : read;
    }

    /// <summary>Whether <paramref name="reading"/> is still what the kernel says of the process.</summary>
    public static bool IsStill(CgroupReading reading, PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(peer);
        if (reading.Text.Length == 0) return reading.Refusal is not null; // Nothing was read, so nothing rests on it.
        return CgroupText.Read(peer, out _) == reading.Text && (reading.CgroupId is null || (CgroupId.TryRead(peer, out ulong? id) && id == reading.CgroupId));
    }

    /// <summary>The cgroup of a process that a runtime names, such as Docker's State.Pid: to be held against the caller's, see
    /// <see cref="CgroupReading.IsSameContainer"/>. Refused when it is gone.</summary>
    public CgroupReading ReadProcess(int processId) =>
        PeerProcess.TryOpen(processId, out PeerProcess? process, out PeerRefusal refusal)
            ? ReadAndRelease(process)
            : CgroupReading.Refused("", EvidenceRefusal.Unreadable, refusal.ToString());

    private CgroupReading ReadAndRelease(PeerProcess process)
    {
        using (process) return Read(process);
    }

    /// <summary>As this process's cgroup namespace shows it.</summary>
    internal CgroupReading ReadView(string text, ImmutableArray<CgroupLine> lines, ulong? id, PeerProcess peer)
    {
        if (lines.Any(line => line.IsOutOfView)) return CgroupReading.Refused(text, EvidenceRefusal.CgroupOutOfView, OutOfView);
        if (!CgroupChoice.TryChoose(lines, _layouts, out CgroupChoice choice, out string conflict)) return CgroupReading.Refused(text, EvidenceRefusal.CgroupAmbiguous, conflict);
        return Verify(text, choice, _mounts.OfView(choice.Line), id, peer);
    }

    /// <summary>As the host's own mount shows it, where this process's cgroup namespace shows nothing of it; null when there is no such mount or it may not be asked.</summary>
    internal CgroupReading? ReadHost(string text, ImmutableArray<CgroupLine> lines, ulong? id, PeerProcess peer)
    {
        if (lines is not [{ IsUnified: true } line] || id is not { } known || _mounts.OfHost(line) is not { } mount) return null;
        string? path = mount.PathOf(known);
        if (path is null || !CgroupLines.TryParse($"0::{path}\n", out lines, out _, out _)) return null;
        return CgroupChoice.TryChoose(lines, _layouts, out CgroupChoice choice, out _) ? Verify(text, choice, mount, id, peer) : null;
    }

    private static CgroupReading Verify(string text, CgroupChoice choice, CgroupMount? mount, ulong? id, PeerProcess peer)
    {
        CgroupLine line = choice.Line;
        if (choice.Anchored.IsNowhere) return new CgroupReading(text, line.Path, CgroupPlace.Nowhere) { CgroupId = id };
        if (mount is null) return Refused(EvidenceRefusal.CgroupOutOfView, $"the hierarchy of {line} is not mounted here: mount the host's /sys/fs/cgroup");

        CgroupOwners owners = new(mount, peer);
        if (owners.Check(line.Path, choice.Anchored, out EvidenceRefusal refusal, out string detail) is not { } left) return Refused(refusal, detail);
        if (line.IsUnified && id is { } known && known != owners.Leaf)
            return Refused(EvidenceRefusal.CgroupAmbiguous, string.Create(CultureInfo.InvariantCulture, $"{line.Path} is cgroup {owners.Leaf}, the process is in {known}"));
        if (left.Place.UserManager is { } user && !CgroupUser.Holds(peer, user))
            return Refused(EvidenceRefusal.CgroupUser, string.Create(CultureInfo.InvariantCulture, $"{line.Path} is of user {user}, the process of {peer.UserId}"));
        return new CgroupReading(text, line.Path, left.Place) { CgroupId = id, Inode = owners.Inode };

        CgroupReading Refused(EvidenceRefusal reason, string why) => CgroupReading.Refused(text, reason, why);
    }
}
