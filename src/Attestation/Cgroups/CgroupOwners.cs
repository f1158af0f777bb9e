using System.Globalization;
using System.Text;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Whether the directories of a path belong to whom they must for its names to be evidence.</summary>
/// <remarks><para>A name was given by who may write to the directory above it. So everything above the last name that counts must be root's and writable to nobody else, or,
/// from <c>user@UID.service</c> on, that user's.</para>
/// <para>The last directory may be given away on v2 – to root of the container's user namespace, or to the user of a unit with Delegate= – since who owns it can
/// still move nobody in from outside: that takes the right to write to a common ancestor (cgroups(7), Delegation containment). v1 has no such rule.</para></remarks>
internal sealed class CgroupOwners(CgroupMount mount, PeerProcess peer)
{
    private const uint Root = 0;
    private const ushort WritableToOthers = 0x12; // 0022
    private const int MaxPath = 4096;

    /// <summary>Id of the deepest directory whose name is evidence.</summary>
    internal ulong Inode { get; private set; }

    /// <summary>Id of the directory that the whole path names.</summary>
    internal ulong Leaf { get; private set; }

    /// <summary>What is left of <paramref name="anchored"/>; null when it is refused.</summary>
    internal Anchored? Check(string path, Anchored anchored, out EvidenceRefusal refusal, out string detail)
    {
        refusal = EvidenceRefusal.CgroupOwner;
        if (!CgroupUser.IsHostView)
        {
            detail = "the agent has a user namespace of its own, where 0 is not the host's root: run it in the host's";
            return null;
        }

        Span<byte> text = stackalloc byte[MaxPath];
        if (!Encoding.UTF8.TryGetBytes(path.AsSpan(1), text[..^32], out int length))
        {
            detail = "the path is too long";
            return null;
        }

        text[length..].Clear();
        int end = 0;
        for (int depth = 0; depth <= anchored.Depth; depth++)
        {
            if (depth > 0) end = EndOfNext(text, end, length);
            if (!TryStat(text, end, out StatxBuffer stat, ref refusal, out detail)) return null;
            Inode = Leaf = stat.Inode;
            bool isOwn = depth == anchored.Depth;
            bool isPayloadsUnit = anchored.IsPayload && depth == anchored.Depth - 1;
            if (IsGood(stat, anchored, depth) || (isOwn && IsGivenAway(stat, anchored))) continue;
            if (isPayloadsUnit && anchored.ManagerDepth == 0)
            {
                // The unit's own user made what looks like a container in it: what is left is the unit.
                anchored = anchored with { Place = anchored.Place with { Container = null }, Depth = depth, IsPayload = false };
                if (IsGood(stat, anchored, depth) || IsGivenAway(stat, anchored)) break;
            }

            detail = string.Create(CultureInfo.InvariantCulture, $"/{Encoding.UTF8.GetString(text[..end])}: uid {stat.UserId}, mode {Convert.ToString(stat.Mode & 0xfff, 8)}");
            return null;
        }

        if (!mount.IsUnified && !OthersMayNotEnter(text, end, anchored, ref refusal, out detail)) return null;
        if (end < length)
        {
            if (!TryStat(text, length, out StatxBuffer leaf, ref refusal, out detail)) return null;
            Leaf = leaf.Inode;
        }

        detail = "";
        return anchored;
    }

    private static uint OwnerOf(Anchored anchored, int depth) => anchored.ManagerDepth > 0 && depth >= anchored.ManagerDepth ? anchored.Place.UserManager!.Value : Root;

    private static bool IsGood(in StatxBuffer stat, Anchored anchored, int depth) =>
        stat.UserId == OwnerOf(anchored, depth) && (stat.Mode & WritableToOthers) == 0;

    private bool IsGivenAway(in StatxBuffer stat, Anchored anchored)
    {
        if (!mount.IsUnified) return false;
        return anchored.Place.Container is not null
            ? (stat.Mode & WritableToOthers) == 0 && CgroupUser.RootOf(peer) == stat.UserId
            : anchored.ManagerDepth == 0;
    }

    /// <summary>On v1 whoever may write to these files may put any process of his own there.</summary>
    private bool OthersMayNotEnter(Span<byte> text, int end, Anchored anchored, ref EvidenceRefusal refusal, out string detail)
    {
        Span<byte> file = stackalloc byte[MaxPath];
        foreach (string name in (ReadOnlySpan<string>)["cgroup.procs", "tasks"])
        {
            text[..end].CopyTo(file);
            int length = end + Encoding.ASCII.GetBytes($"{(end == 0 ? "" : "/")}{name}\0", file[end..]) - 1;
            if (!TryStat(file, length, out StatxBuffer stat, ref refusal, out detail)) return false;
            if (IsGood(stat, anchored, anchored.Depth)) continue;
            detail = string.Create(CultureInfo.InvariantCulture, $"/{Encoding.UTF8.GetString(file[..length])}: uid {stat.UserId}, mode {Convert.ToString(stat.Mode & 0xfff, 8)}");
            return false;
        }

        detail = "";
        return true;
    }

    private static int EndOfNext(ReadOnlySpan<byte> text, int end, int length)
    {
        int start = end == 0 ? 0 : end + 1;
        int slash = text[start..length].IndexOf((byte)'/');
        return slash < 0 ? length : start + slash;
    }

    /// <summary>Looks at the first <paramref name="end"/> bytes of the path.</summary>
    private bool TryStat(Span<byte> text, int end, out StatxBuffer stat, ref EvidenceRefusal refusal, out string detail)
    {
        byte next = text[end];
        text[end] = 0;
        bool read = mount.TryStat(text[..(end + 1)], out stat, out int error);
        text[end] = next;
        detail = "";
        if (read) return true;
        refusal = error switch
        {
            Libc.NoEntry => EvidenceRefusal.CgroupDeleted,
            Libc.AccessDenied or Libc.NotPermitted => EvidenceRefusal.NotPermitted,
            _ => EvidenceRefusal.CgroupOwner,
        };
        string what = error == 0 ? "another file system is mounted there" : string.Create(CultureInfo.InvariantCulture, $"errno {error}");
        detail = $"{mount.Point}/{Encoding.UTF8.GetString(text[..end])}: {what}";
        return false;
    }
}
