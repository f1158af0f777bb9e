using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Asks the kernel who connected.</summary>
internal static unsafe class PeerReader
{
    /// <summary>SO_PEERCRED: the connector's thread group and effective ids at connect time. Null when the kernel does not say.</summary>
    internal static Credentials? ReadCredentials(SafeFileHandle socket)
    {
        Credentials credentials;
        uint size = (uint)sizeof(Credentials);
        return Libc.GetOption(socket, Constants.SocketLevel, Constants.OptionPeerCredentials, &credentials, &size) == 0 && size == sizeof(Credentials)
            ? credentials
            : null;
    }

    /// <summary>Takes hold of the connector, as firmly as the kernel allows and <paramref name="strongest"/> asks. Null with the reason when it has exited or cannot be held.</summary>
    internal static UnixPeer? Hold(SafeFileHandle socket, Credentials who, PeerProof strongest, out PeerRejection reason)
    {
        reason = PeerRejection.PeerExited;
        PeerProof proof = PeerProof.PidFdAtConnect;
        int fd = -1, error = Errno.NoProtocolOption;
        if (strongest == PeerProof.PidFdAtConnect)
        {
            uint size = sizeof(int);
            error = Libc.GetOption(socket, Constants.SocketLevel, Constants.OptionPeerPidFd, &fd, &size) == 0 ? 0 : Errno.Last;
        }

        if (error == Errno.NoProtocolOption && strongest != PeerProof.StartTime)
        {
            proof = PeerProof.PidFdAtAccept;
            fd = (int)Libc.SystemCall(Constants.PidFdOpen, who.ProcessId, 0);
            error = fd >= 0 ? 0 : Errno.Last;
        }

        // ENOSYS: before 5.3. EPERM: a sandbox that does not let it through.
        if (error is Errno.NoProtocolOption or Errno.NoSystemCall or Errno.NotPermitted)
            return new UnixPeer(who.ProcessId, who.UserId, who.GroupId, null) { Proof = PeerProof.StartTime };
        if (error != 0)
        {
            if (error is Errno.TooManyOpenFiles or Errno.TableFull) reason = PeerRejection.NoDescriptors;
            return null;
        }

        SafeFileHandle pidFd = new(fd, ownsHandle: true);
        if (!HasExited(pidFd)) return new UnixPeer(who.ProcessId, who.UserId, who.GroupId, pidFd) { Proof = proof };
        pidFd.Dispose();
        return null;
    }

    /// <summary>Whether a pidfd's process has exited, all its threads with it. An error counts as exited: deny on doubt.</summary>
    internal static bool HasExited(SafeFileHandle pidFd)
    {
        bool added = false;
        try
        {
            pidFd.DangerousAddRef(ref added);
            PollFd poll = new() { Fd = (int)pidFd.DangerousGetHandle(), Events = Constants.PollIn };
            int ready;
            do ready = Libc.Poll(&poll, 1, 0);
            while (ready < 0 && Errno.Last == Errno.Interrupted);
            return ready != 0;
        }
        finally
        {
            if (added) pidFd.DangerousRelease();
        }
    }
}
