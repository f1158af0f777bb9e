using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>A descriptor kept for the day there is none left: with its number one waiting connection can be accepted and closed, so that its client is told and accept does not spin.</summary>
internal sealed unsafe class ReserveDescriptor : IDisposable
{
    private SafeFileHandle? _spare = Open();

    /// <summary>Accepts one connection, counts it and closes it. False when there was no spare descriptor or the number went to somebody else.</summary>
    internal bool TurnOneAway(SafeFileHandle listener, ConnectionQuota quota)
    {
        _spare ??= Open();
        if (_spare is null) return false;
        _spare.Dispose();
        int fd = Libc.Accept(listener, 0, 0, Constants.SocketCloseOnExec);
        if (fd >= 0)
        {
            quota.CountRejected(PeerRejection.NoDescriptors);
            _ = Libc.Close(fd);
        }

        _spare = Open();
        return fd >= 0;
    }

    public void Dispose() => _spare?.Dispose();

    private static SafeFileHandle? Open()
    {
        fixed (byte* path = "/dev/null\0"u8)
        {
            int fd = Libc.Open(path, Constants.OpenCloseOnExec);
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }
}
