using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Events;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>A connection whose bytes all come from the process that made it, and that ends when that process does.</summary>
/// <remarks>Receiving happens on the loop's thread, straight into the pipe. Sending happens on the thread pool, where what is flushed
/// meanwhile joins the next call (sending on the flushing thread halved the throughput of a busy connection), and goes on at the loop's thread when the peer reads slowly.
/// Both descriptors are closed when both directions have ended, so that no call can meet a number that stands for something else by then.</remarks>
internal sealed partial class UnixConnection : ConnectionContext, IMemoryPoolFeature, IAsyncDisposable
{
    private readonly SafeFileHandle _socket;
    private readonly UnixPeer _peer;
    private readonly EventLoop _loop;
    private readonly ConnectionQuota _quota;
    private readonly ILogger _log;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _receivingEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PeerWatch _watch;
    private Task _sending = Task.CompletedTask;
    private int _disposed;

    internal UnixConnection(SafeFileHandle socket, UnixPeer peer, UnixListenEndPoint endPoint, TransportRuntime runtime, EventLoop loop)
    {
        _socket = socket;
        _peer = peer;
        _loop = loop;
        _quota = runtime.Quota;
        _log = runtime.Log;
        _watch = new PeerWatch(this, peer, loop, runtime);
        MemoryPool = runtime.Memory;
        int read = runtime.Options.ReadBufferLimit, write = runtime.Options.WriteBufferLimit;
        _input = new Pipe(new PipeOptions(runtime.Memory, PipeScheduler.ThreadPool, loop, read, read / 2, useSynchronizationContext: false));
        _output = new Pipe(new PipeOptions(runtime.Memory, PipeScheduler.ThreadPool, PipeScheduler.ThreadPool, write, write / 2, useSynchronizationContext: false));
        Transport = new DuplexPipe(_input.Reader, _output.Writer);
        _onFlushed = OnFlushed;

        ConnectionId = string.Create(CultureInfo.InvariantCulture, $"unix-{Interlocked.Increment(ref _lastId):x}");
        ConnectionClosed = _closed.Token;
        LocalEndPoint = endPoint;
        Features.Set(peer);
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(new Lifetime(this));
    }

    private static long _lastId;

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items
    {
        get => field ??= new Dictionary<object, object?>();
        set;
    }

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    /// <inheritdoc/>
    public System.Buffers.MemoryPool<byte> MemoryPool { get; }

    /// <summary>Begins to receive and to send.</summary>
    internal void Start()
    {
        _sending = SendAsync();
        _loop.Schedule(static self => ((UnixConnection)self!).BeginReceiving(), this);
    }

    public override void Abort(ConnectionAbortedException abortReason) => End(abortReason);

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sending; // what was written goes out first
        End(null);
        await _receivingEnded.Task;
        _socket.Dispose();
        _peer.PidFd?.Dispose();
        _quota.Give(_peer.UserId);
        // _closed is not disposed: it holds no timer, and a late reader of its token must not fail.
        await base.DisposeAsync();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Lifetime(UnixConnection connection) : IConnectionLifetimeFeature
    {
        public CancellationToken ConnectionClosed
        {
            get => connection.ConnectionClosed;
            set => connection.ConnectionClosed = value;
        }

        public void Abort() => connection.Abort(new ConnectionAbortedException("the application ended the connection"));
    }
}
