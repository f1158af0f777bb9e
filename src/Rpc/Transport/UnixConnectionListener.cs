using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Events;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Accepts on one socket, on a loop's thread: asks who connected, and hands over only whom the kernel names and the limits admit.</summary>
internal sealed class UnixConnectionListener : IConnectionListener, IEventHandler
{
    /// <summary>Connections accepted per turn, so that a flood of them does not keep open ones waiting. Ours.</summary>
    private const int Turn = 64;

    /// <summary>Wait after the kernel was out of memory. Ours.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly UnixListenEndPoint _endPoint;
    private readonly TransportRuntime _runtime;
    private readonly EventLoop _loop;
    // Bounded by the connection limit: who waits here has a place.
    private readonly Channel<UnixConnection> _accepted = Channel.CreateUnbounded<UnixConnection>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly TaskCompletionSource _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReserveDescriptor _reserve = new();
    private ITimer? _resume;
    private ulong _token;
    private bool _stopped;
    private int _unbinding;

    internal UnixConnectionListener(UnixListenEndPoint endPoint, TransportRuntime runtime)
    {
        _endPoint = endPoint;
        _runtime = runtime;
        _loop = runtime.NextLoop();
        _loop.Schedule(static self => ((UnixConnectionListener)self!).Watch(), this);
    }

    public EndPoint EndPoint => _endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_accepted.Reader.TryRead(out UnixConnection? connection)) return connection;
        }

        return null;
    }

    /// <summary>Takes the name away and stops listening; who was accepted stays.</summary>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _unbinding, 1) == 0) _loop.Schedule(static self => ((UnixConnectionListener)self!).Stop(), this);
        await _unbound.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out UnixConnection? left))
        {
            left.Abort(new ConnectionAbortedException("the server stops"));
            await left.DisposeAsync();
        }
    }

    public void OnEvents(uint events)
    {
        for (int i = 0; i < Turn && !_stopped && _resume is null; i++)
        {
            int fd = Libc.Accept(_endPoint.Socket.Handle, 0, 0, Constants.SocketNonBlock | Constants.SocketCloseOnExec);
            if (fd >= 0)
            {
                Admit(new SafeFileHandle(fd, ownsHandle: true));
                continue;
            }

            int error = Errno.Last;
            if (error == Errno.Again) return;
            if (error is Errno.Interrupted or Errno.ConnectionAborted) continue;
            if (error is Errno.TooManyOpenFiles or Errno.TableFull && _reserve.TurnOneAway(_endPoint.Socket.Handle, _runtime.Quota)) continue;
            PauseAccepting(error);
        }
    }

    private void Admit(SafeFileHandle socket)
    {
        Credentials? said = PeerReader.ReadCredentials(socket);
        PeerRejection? reason = said is not { } peerIds ? PeerRejection.PeerUnknown : peerIds.ProcessId <= 0 ? PeerRejection.PidNotVisible : null;
        Credentials who = said.GetValueOrDefault();
        if (reason is null && _runtime.Quota.TryTake(who.UserId, out reason))
        {
            UnixPeer? peer = PeerReader.Hold(socket, who, _runtime.Options.StrongestProof, out PeerRejection unheld);
            if (peer is not null)
            {
                UnixConnection connection = new(socket, peer, _endPoint, _runtime, _runtime.NextLoop());
                _runtime.Quota.CountAccepted();
                connection.Start();
                _accepted.Writer.TryWrite(connection);
                return;
            }

            _runtime.Quota.Give(who.UserId);
            reason = unheld;
        }

        using (socket)
        {
            // Counted and logged first: whoever finds the connection closed finds the record of it, too.
            if (_runtime.Quota.CountRejected(reason!.Value)) Log.Refused(_runtime.Log, reason.Value, who.ProcessId, who.UserId);
        }
    }

    private void Watch()
    {
        if (_stopped) return;
        try
        {
            _token = _loop.Add(_endPoint.Socket.Handle, Constants.EpollIn, this);
        }
        catch (IOException)
        {
            PauseAccepting(Errno.NoMemory);
        }
    }

    /// <summary>Leaves connections in the kernel's queue for a moment, rather than asking again and again.</summary>
    private void PauseAccepting(int error)
    {
        Log.AcceptFailed(_runtime.Log, Errno.Text(error), Pause.TotalMilliseconds);
        if (_token != 0) _loop.Remove(_token, _endPoint.Socket.Handle);
        _token = 0;
        _resume = _runtime.Clock.CreateTimer(
            static self => ((UnixConnectionListener)self!)._loop.Schedule(static me => ((UnixConnectionListener)me!).Resume(), self),
            this, Pause, Timeout.InfiniteTimeSpan);
    }

    private void Resume()
    {
        _resume?.Dispose();
        _resume = null;
        Watch();
    }

    private void Stop()
    {
        _stopped = true;
        _resume?.Dispose();
        if (_token != 0) _loop.Remove(_token, _endPoint.Socket.Handle);
        _endPoint.Socket.Dispose();
        _reserve.Dispose();
        _accepted.Writer.TryComplete();
        _unbound.TrySetResult();
    }
}
