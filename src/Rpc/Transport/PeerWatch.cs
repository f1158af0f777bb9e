using Spiffe.Agent.Rpc.Transport.Events;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Tells a connection that its peer has exited: at once by the pidfd, or, where the kernel has none, within a second by pid and start time.</summary>
internal sealed class PeerWatch : IEventHandler
{
    /// <summary>Between two looks at a peer without a pidfd. Ours: how long a dead process's streams may live there.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly UnixConnection _connection;
    private readonly UnixPeer _peer;
    private readonly EventLoop _loop;
    private readonly TimeProvider _clock;
    private readonly Func<int, ulong?>? _readStartTime;
    private ulong _token;
    private ITimer? _timer;
    private ulong? _startTime;

    internal PeerWatch(UnixConnection connection, UnixPeer peer, EventLoop loop, TransportRuntime runtime)
    {
        _connection = connection;
        _peer = peer;
        _loop = loop;
        _clock = runtime.Clock;
        _readStartTime = runtime.Options.ReadStartTime;
    }

    public void OnEvents(uint events) => _connection.OnPeerExited();

    /// <summary>On the loop's thread, as all of this.</summary>
    internal void Begin()
    {
        if (_peer.PidFd is { } pidFd)
        {
            _token = _loop.Add(pidFd, Constants.EpollIn, this);
        }
        else if ((_startTime = _readStartTime?.Invoke(_peer.ProcessId)) is not null)
        {
            _timer = _clock.CreateTimer(static self => ((PeerWatch)self!).ScheduleLook(), this, Interval, Interval);
        }
        else
        {
            _connection.OnPeerExited();
        }
    }

    internal void Stop()
    {
        _timer?.Dispose();
        _timer = null;
        if (_peer.PidFd is { } pidFd && _token != 0) _loop.Remove(_token, pidFd);
        _token = 0;
    }

    private void ScheduleLook() => _loop.Schedule(static self => ((PeerWatch)self!).Look(), this);

    private void Look()
    {
        if (_timer is null) return;
        if (_readStartTime!(_peer.ProcessId) != _startTime) _connection.OnPeerExited();
    }
}
