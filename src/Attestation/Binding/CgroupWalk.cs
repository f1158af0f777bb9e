using System.Text;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Walks a cgroup path from the top of its mount, directory by directory.</summary>
internal static class CgroupWalk
{
    private const uint Root = 0;
    private const ushort WritableToOthers = 0x12; // 0022
    private const int MaxPath = 4096;

    /// <summary>By whom the members of a cgroup are chosen.</summary>
    private static readonly string[] MemberFiles = ["cgroup.procs", "cgroup.threads", "tasks"];

    /// <summary>Whether the path leads through the directory with this inode, and where it ends. False when a part of it is not there.</summary>
    internal static bool LeadsThrough(CgroupMount mount, string path, ulong inode, out ulong leaf)
    {
        leaf = 0;
        bool through = false;
        foreach (string above in Prefixes(path))
        {
            if (!TryStat(mount, above, out StatxBuffer stat, out _)) return false;
            leaf = stat.Inode;
            through |= leaf == inode;
        }

        return through;
    }

    /// <summary>Whether root alone decides who is in this cgroup: every directory from the top to it, and the files by which processes are moved, are root's and writable to
    /// nobody else.</summary>
    internal static CgroupHoldFault Owners(CgroupMount mount, string path)
    {
        if (!CgroupUser.IsHostView) return CgroupHoldFault.Unreadable;
        foreach (string above in Prefixes(path))
        {
            if (!TryStat(mount, above, out StatxBuffer stat, out int error)) return FaultOf(error);
            if (IsOpen(stat)) return CgroupHoldFault.Delegated;
            foreach (string file in MemberFiles)
            {
                if (TryStat(mount, $"{(above == "/" ? "" : above)}/{file}", out stat, out error) ? IsOpen(stat) : error != Libc.NoEntry)
                    return error == 0 ? CgroupHoldFault.Delegated : FaultOf(error);
            }
        }

        return CgroupHoldFault.None;
    }

    internal static CgroupHoldFault FaultOf(int error) => error is Libc.NoEntry or CgroupFiles.Gone ? CgroupHoldFault.Gone : CgroupHoldFault.Unreadable;

    /// <summary>The path from the top, without its first slash and with a zero byte at the end.</summary>
    internal static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path[1..] + "\0");

    private static bool IsOpen(in StatxBuffer stat) => stat.UserId != Root || (stat.Mode & WritableToOthers) != 0;

    private static bool TryStat(CgroupMount mount, string path, out StatxBuffer stat, out int error) => mount.TryStat(Bytes(path), out stat, out error);

    /// <summary><c>/</c>, <c>/a</c>, <c>/a/b</c>.</summary>
    private static IEnumerable<string> Prefixes(string path)
    {
        yield return "/";
        for (int at = 1; at < path.Length && at < MaxPath; at++)
        {
            int slash = path.IndexOf('/', at);
            at = slash < 0 ? path.Length : slash;
            yield return path[..at];
        }
    }
}
