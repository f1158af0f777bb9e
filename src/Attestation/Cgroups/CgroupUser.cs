using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Whose a process is, for cgroups that a user makes himself.</summary>
internal static unsafe class CgroupUser
{
    // ioctl_ns(2).
    private const nuint GetParent = 0xb702;
    private const nuint GetOwner = 0xb704;

    /// <summary>The kernel nests user namespaces no deeper, user_namespaces(7).</summary>
    private const int MaxNesting = 32;

    /// <summary>PROC_USER_INIT_INO: the first user namespace's inode, the same on every Linux.</summary>
    private const ulong FirstUserNamespace = 0xeffffffd;

    /// <summary>Whether uid 0 is the host's root here. In a user namespace of its own a daemon cannot tell whom a directory belongs to.</summary>
    internal static bool IsHostView { get; } = ExecutableId.OfPath("/proc/self/ns/user\0"u8) is { Inode: FirstUserNamespace };

    /// <summary>Whether a process runs as this user, or in a user namespace that this user made, at whatever depth: as in his rootless containers.</summary>
    internal static bool Holds(PeerProcess peer, uint user)
    {
        if (peer.UserId == user) return true;
        SafeFileHandle? at = peer.Directory.TryOpenFile("ns/user\0"u8, Libc.ReadOnly, out _);
        for (int depth = 0; at is not null && depth < MaxNesting; depth++)
        {
            uint owner;
            using SafeFileHandle current = at;
            if (ExecutableId.Of(current)?.Inode == FirstUserNamespace || Libc.Control(current, GetOwner, (nint)(&owner)) != 0) return false;
            if (owner == user) return true;
            int parent = Libc.Control(current, GetParent, 0);
            at = parent < 0 ? null : new SafeFileHandle(parent, ownsHandle: true);
        }

        at?.Dispose();
        return false;
    }

    /// <summary>The user who is root in the process's user namespace: the runtime makes him the owner of the container's own cgroup. Null when there is none.</summary>
    internal static uint? RootOf(PeerProcess peer)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int length = peer.Directory.ReadFile("uid_map\0"u8, buffer, out _);
        if (length <= 0 || length == buffer.Length) return null;
        foreach (string line in Encoding.ASCII.GetString(buffer[..length]).Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["0", string outside, _]
                && uint.TryParse(outside, NumberStyles.None, CultureInfo.InvariantCulture, out uint uid)) return uid;
        }

        return null;
    }
}
