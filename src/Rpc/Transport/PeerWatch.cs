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
    private ulong _token;
    private ITimer? _timer;
    private ulong _startTime;

    internal PeerWatch(UnixConnection connection, UnixPeer peer, EventLoop loop, TimeProvider clock)
    {
        _connection = connection;
        _peer = peer;
        _loop = loop;
        _clock = clock;
    }

    public void OnEvents(uint events) => _connection.OnPeerExited();

    /// <summary>On the loop's thread, as all of this.</summary>
    internal void Begin()
    {
        if (_peer.PidFd is { } pidFd)
        {
            _token = _loop.Add(pidFd, Constants.EpollIn, this);
        }
        else if (ProcessStartTime.TryRead(_peer.ProcessId, out _startTime))
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
        if (!ProcessStartTime.TryRead(_peer.ProcessId, out ulong started) || started != _startTime) _connection.OnPeerExited();
    }
}
