using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Whether what a pid runs says anything about who speaks.</summary>
internal static class SegmentTrust
{
    private const int FuseMagic = 0x65735546;

    /// <summary>ioctl_ns(2): a descriptor of the user namespace that owns a namespace.</summary>
    private const nuint GetOwningUserNamespace = 0xb701;

    private static readonly ExecutableId? OwnUserNamespace = ReadOwnUserNamespace();

    /// <summary>Null when there is none.</summary>
    internal static EvidenceRefusal? Doubt(PeerProcess peer, SafeFileHandle executable)
    {
        if (IsFuse(executable)) return EvidenceRefusal.FileSystemNotTrusted;
        return MayForgeSegments(peer) ? EvidenceRefusal.SegmentsForgeable : null;
    }

    /// <summary>unix(7): who has CAP_SYS_ADMIN over its pid namespace may send any pid in SCM_CREDENTIALS. Where a foreign user namespace owns the pid namespace that
    /// takes no privilege here. An unreadable namespace counts as foreign.</summary>
    private static bool MayForgeSegments(PeerProcess peer)
    {
        using SafeFileHandle? pidNamespace = peer.Directory.TryOpenFile("ns/pid\0"u8, Libc.ReadOnly, out _);
        if (pidNamespace is null) return true;
        int fd = Libc.Control(pidNamespace, GetOwningUserNamespace, 0);
        if (fd < 0) return true; // EPERM: the owner is not at or below our own user namespace.
        using SafeFileHandle owner = new(fd, ownsHandle: true);
        return OwnUserNamespace is not { } own || ExecutableId.Of(owner) is not { } theirs || !theirs.IsSameFile(own);
    }

    private static unsafe bool IsFuse(SafeFileHandle file)
    {
        byte* statfs = stackalloc byte[256]; // struct statfs: 120 bytes, f_type first, a long.
        return Libc.FileSystemOf(file, statfs) != 0 || BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(statfs, 4)) == FuseMagic;
    }

    private static unsafe ExecutableId? ReadOwnUserNamespace()
    {
        fixed (byte* path = "/proc/self/ns/user\0"u8)
        {
            int fd = Libc.Open(path, Libc.ReadOnly | Libc.CloseOnExec);
            if (fd < 0) return null;
            using SafeFileHandle handle = new(fd, ownsHandle: true);
            return ExecutableId.Of(handle);
        }
    }
}
