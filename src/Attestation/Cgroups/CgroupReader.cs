using System.Globalization;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Reads where a process lives in the cgroup hierarchy. The only place that reads it.</summary>
/// <remarks><para>What it says is said by the kernel and by root: the text comes from this process's own /proc, so no mount of the workload's changes it; the path is recognised
/// as a whole; every directory on it belongs to whom it must; and where the kernel tells the id of a process's cgroup (6.13), the path must lead to that id.</para>
/// <para>Needs no privilege but CAP_SYS_PTRACE for rootless containers whose processes run as other users, and CAP_DAC_READ_SEARCH in a cgroup namespace of its own.
/// Safe for use by several threads.</para></remarks>
public sealed class CgroupReader(CgroupOptions options)
{
    /// <summary>Texts remembered with what they say, each of at most <see cref="MaxRemembered"/> characters: some 5 MB. Ours: a process asks again and again.</summary>
    private const int Remembered = 1024;
    private const int MaxRemembered = 1024;

    private readonly CgroupLayouts _layouts = new(options ?? throw new ArgumentNullException(nameof(options)));
    private readonly LeastRecentlyUsed<string, CgroupClaim> _claims = new(Remembered);
    private readonly CgroupMounts _mounts = new();

    /// <summary>Reads it now. Never throws for what a process can bring about: doubt is a refused reading.</summary>
    public CgroupReading Read(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (CgroupText.Read(peer, out int error) is not { } text)
            return CgroupReading.Refused("", EvidenceRefusal.Unreadable, string.Create(CultureInfo.InvariantCulture, $"/proc/{peer.ProcessId}/cgroup: errno {error}"));
        if (!CgroupId.TryRead(peer, out ulong? id)) return CgroupReading.Refused(text, EvidenceRefusal.Unreadable, "the process has exited");
        return ReadView(text, id, peer);
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

    /// <summary>As this process's cgroup namespace shows it, or the host's own mount where that shows nothing.</summary>
    internal CgroupReading ReadView(string text, ulong? id, PeerProcess peer)
    {
        CgroupClaim claim = ClaimOf(text);
        CgroupReading read = claim.Refusal is { } refusal
            ? CgroupReading.Refused(text, refusal, claim.Detail)
            : Verify(text, claim.Choice, _mounts.OfView(claim.Choice.Line), id, peer);
        bool saysNothing = claim.Refusal == EvidenceRefusal.CgroupOutOfView || (claim.Refusal is null && claim.Choice.Anchored.IsNowhere);
        return saysNothing && claim.Lines is [{ IsUnified: true } line] && id is { } known ? ReadHost(text, line, known, peer) ?? read : read;
    }

    private CgroupReading ReadAndRelease(PeerProcess process)
    {
        using (process) return Read(process);
    }

    private CgroupClaim ClaimOf(string text)
    {
        if (_claims.TryGet(text, out CgroupClaim? known)) return known;
        CgroupClaim claim = CgroupClaim.Of(text, _layouts);
        if (text.Length <= MaxRemembered) _claims.Set(text, claim);
        return claim;
    }

    /// <summary>Null when the host's hierarchy is not mounted here or may not be asked by id. Only where v2 is alone: v1 hierarchies know no ids, and may say otherwise.</summary>
    private CgroupReading? ReadHost(string text, CgroupLine line, ulong id, PeerProcess peer)
    {
        if (_mounts.OfHost(line) is not { } mount || mount.PathOf(id) is not { } path) return null;
        CgroupClaim claim = CgroupClaim.Of($"0::{path}\n", _layouts);
        return claim.Refusal is null ? Verify(text, claim.Choice, mount, id, peer) : null;
    }

    private static CgroupReading Verify(string text, CgroupChoice choice, CgroupMount? mount, ulong? id, PeerProcess peer)
    {
        CgroupLine line = choice.Line;
        if (choice.Anchored.IsNowhere) return new CgroupReading(text, line.Path, CgroupPlace.Nowhere) { CgroupId = id, Line = line, Mount = mount };
        if (mount is null) return Refused(EvidenceRefusal.CgroupOutOfView, $"the hierarchy of {line} is not mounted here: mount the host's /sys/fs/cgroup");

        CgroupOwners owners = new(mount, peer);
        if (owners.Check(line.Path, choice.Anchored, out EvidenceRefusal refusal, out string detail) is not { } left) return Refused(refusal, detail);
        if (line.IsUnified && id is { } known && known != owners.Leaf)
            return Refused(EvidenceRefusal.CgroupAmbiguous, string.Create(CultureInfo.InvariantCulture, $"{line.Path} is cgroup {owners.Leaf}, the process is in {known}"));
        if (left.Place.UserManager is { } user && !CgroupUser.Holds(peer, user))
            return Refused(EvidenceRefusal.CgroupUser, string.Create(CultureInfo.InvariantCulture, $"{line.Path} is of user {user}, the process of {peer.UserId}"));
        return new CgroupReading(text, line.Path, left.Place) { CgroupId = id, Inode = owners.Inode, Line = line, Mount = mount };

        CgroupReading Refused(EvidenceRefusal reason, string why) => CgroupReading.Refused(text, reason, why);
    }
}
