using Microsoft.AspNetCore.Connections;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>The end of a connection, from whichever side: both directions are shut, and what waits is woken.</summary>
internal sealed partial class UnixConnection
{
    private volatile int _ended;
    private Exception? _reason;

    /// <summary>The process that connected has exited. On the loop's thread.</summary>
    internal void OnPeerExited() => Reject(PeerRejection.PeerExited);

    private void Reject(PeerRejection rejection, int writer = 0)
    {
        if (_ended != 0) return;
        bool isNews = _quota.CountRejected(rejection);
        if (rejection == PeerRejection.PeerExited) Log.PeerExited(_log, ConnectionId, _peer.ProcessId);
        else if (isNews) Log.Rejected(_log, ConnectionId, rejection, _peer.ProcessId, _peer.UserId, writer);
        End(new ConnectionAbortedException(rejection == PeerRejection.PeerExited ? "the peer has exited" : "the connection was used by another process"));
    }

    /// <summary>Ends both directions, once. From any thread.</summary>
    private void End(Exception? reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason ?? Graceful, null) is not null) return;
        _ended = 1;
        _ = Libc.Shutdown(_socket, Constants.ShutdownBoth);
        _output.Reader.CancelPendingRead();
        if (_loop.IsCurrent) EndOnLoop();
        else _loop.Schedule(static self => ((UnixConnection)self!).EndOnLoop(), this);
    }

    private void EndOnLoop()
    {
        EndInput(null);
        if (_sendBlocked) Unblock();
        if (_registered)
        {
            _registered = false;
            _watch.Stop();
            _loop.Remove(_token, _socket);
        }

        _receivingEnded.TrySetResult();
    }

    /// <summary>Stands for an end without a fault.</summary>
    private static readonly ConnectionAbortedException Graceful = new("closed");
}
