using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Tries on a socket pair how firmly this kernel lets a peer be held; for <c>doctor</c>.</summary>
public static unsafe class PeerProofProbe
{
    /// <summary>The strongest proof that works here.</summary>
    public static PeerProof Strongest()
    {
        Span<int> pair = stackalloc int[2];
        fixed (int* both = pair)
        {
            if (Libc.SocketPair(Constants.FamilyUnix, Constants.StreamSocket | Constants.SocketCloseOnExec, 0, both) != 0) return PeerProof.StartTime;
        }

        using SafeFileHandle near = new(pair[0], ownsHandle: true), far = new(pair[1], ownsHandle: true);
        if (PeerReader.ReadCredentials(near) is not { } who) return PeerProof.StartTime;
        UnixPeer? peer = PeerReader.Hold(near, who, PeerProof.PidFdAtConnect, out _);
        peer?.PidFd?.Dispose();
        return peer?.Proof ?? PeerProof.StartTime;
    }
}
