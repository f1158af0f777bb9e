using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Whose a process is when it runs under another uid than its user's, as most in rootless containers do.</summary>
internal static class UserNamespaces
{
    private const nuint GetParent = 0xb702, GetOwnerUid = 0xb704; // ioctl_ns(2)

    /// <summary>user_namespaces(7): they nest at most this deep.</summary>
    private const int MaxDepth = 33;

    /// <summary>Whether the process has that uid, or is in a user namespace that this user made, or in one below such a one.</summary>
    internal static unsafe bool IsOf(PeerProcess peer, uint user)
    {
        if (peer.UserId == user) return true;
        SafeFileHandle? userNamespace = peer.Directory.TryOpenFile("ns/user\0"u8, Libc.ReadOnly, out _);
        for (int depth = 0; userNamespace is not null && depth < MaxDepth; depth++)
        {
            using SafeFileHandle current = userNamespace;
            uint owner = 0;
            if (Libc.Control(current, GetOwnerUid, (nint)(&owner)) != 0) return false;
            if (owner == user) return true;
            // EPERM above our own.
            int parent = Libc.Control(current, GetParent, 0);
            userNamespace = parent < 0 ? null : new SafeFileHandle(parent, ownsHandle: true);
        }

        userNamespace?.Dispose();
        return false;
    }
}
