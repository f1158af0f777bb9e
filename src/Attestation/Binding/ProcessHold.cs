using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>A process, held for as long as something is tied to it, whatever becomes of the connection it called over: a pidfd and a /proc/PID of its own.</summary>
/// <remarks>Safe for use by several threads. Two descriptors each; all holds share one thread that waits.</remarks>
public sealed partial class ProcessHold : IDisposable, IWatched
{
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _token;

    private ProcessHold(PeerProcess peer)
    {
        Peer = peer;
        Identity = ProcessIdentity.Of(peer);
    }

    /// <summary>The process, with the ids it was held with. Belongs to this object.</summary>
    public PeerProcess Peer { get; }

    /// <summary>Which one it is.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>Completes within milliseconds when the whole process has exited: every thread of it, zombie or reaped. A stopped or frozen process has not. Cancelled when this
    /// object is disposed first.</summary>
    public Task<ProcessExit> Exited => _exited.Task;

    /// <summary>Takes hold of a caller, which keeps its own hold.</summary>
    /// <param name="peer">Alive and with the ids it connected with, or it is refused.</param>
    /// <param name="refusal">Why there is none.</param>
    public static ProcessHold? TryHold(PeerProcess peer, out PeerRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(peer);
        refusal = PeerRefusal.PidFdMissing;
        if (peer.PidFd is not { } pidFd || !PeerProcess.TryOpen(peer.ProcessId, peer.UserId, peer.GroupId, pidFd, out PeerProcess? own, out refusal)) return null;
        return Watch(own, out refusal);
    }

    bool IWatched.OnKernelEvent()
    {
        try
        {
            _exited.TrySetResult(ExitStatus.Of(Peer));
        }
        catch (ObjectDisposedException)
        {
            _exited.TrySetCanceled();
        }

        return false;
    }

    public void Dispose()
    {
        KernelWatch.Remove(_token);
        _exited.TrySetCanceled();
        Peer.Dispose();
    }

    /// <summary>Watches what was opened; disposes of it when that cannot be.</summary>
    private static ProcessHold? Watch(PeerProcess own, out PeerRefusal refusal)
    {
        ProcessHold hold = new(own);
        refusal = PeerRefusal.TooBusy;
        hold._token = KernelWatch.Add(own.PidFd!, Libc.EpollIn | Libc.EpollOneShot, hold);
        if (hold._token == 0)
        {
            hold.Dispose();
            return null;
        }

        refusal = PeerRefusal.None;
        return hold;
    }
}
