using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Spiffe.Agent.Rpc.Transport;
using Spiffe.Agent.Tests.TestKit.Descriptors;

namespace Spiffe.Agent.Tests.Integration.Transport;

/// <summary>The transport as a byte stream: order, backpressure, half-close, limits, and nothing left behind.</summary>
public sealed class UnixConnectionTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("unix").FullName;
    private readonly UnixTransportOptions _options = new() { MaxConnections = 50, MaxConnectionsPerUser = 40 };
    private readonly RefusalWitness _log = new();
    private readonly UnixPeerTransportFactory _factory;
    private IConnectionListener _listener = null!;

    public UnixConnectionTests() => _factory = new UnixPeerTransportFactory(_options, TimeProvider.System, _log);

    private string Path => System.IO.Path.Combine(_folder, "s");

    public async Task InitializeAsync() =>
        _listener = await _factory.BindAsync(new UnixListenEndPoint(UnixSocketBinder.Bind(new UnixSocketOptions { Path = Path })));

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose() => _factory.Dispose();

    [Fact]
    public async Task Peer_is_named_on_the_connection()
    {
        using Socket client = Connect();
        await using ConnectionContext connection = await AcceptAsync();

        UnixPeer peer = connection.Features.Get<UnixPeer>()!;
        Assert.Equal(Environment.ProcessId, peer.ProcessId);
        Assert.Equal(Environment.OSVersion.Version >= new Version(6, 5) ? PeerProof.PidFdAtConnect : PeerProof.PidFdAtAccept, peer.Proof);
    }

    [Fact]
    public async Task Megabytes_arrive_in_order_both_ways_through_a_slow_reader()
    {
        using Socket client = Connect();
        await using ConnectionContext connection = await AcceptAsync();
        byte[] sent = new byte[4 << 20];
        System.Security.Cryptography.RandomNumberGenerator.Fill(sent);
        Task echo = EchoAsync(connection);
        Task send = Task.Run(async () =>
        {
            for (int at = 0; at < sent.Length;) at += await client.SendAsync(sent.AsMemory(at));
            client.Shutdown(SocketShutdown.Send);
        });
        await Task.Yield();

        byte[] received = new byte[sent.Length];
        int filled = 0;
        while (filled < received.Length)
        {
            int read = await client.ReceiveAsync(received.AsMemory(filled, Math.Min(7000, received.Length - filled))).AsTask().WaitAsync(Patience);
            Assert.NotEqual(0, read);
            filled += read;
        }

        await Task.WhenAll(send, echo).WaitAsync(Patience);
        Assert.True(sent.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task Application_that_does_not_read_bounds_what_is_taken_from_the_peer()
    {
        using Socket client = Connect();
        await using ConnectionContext connection = await AcceptAsync();
        client.Blocking = false;
        byte[] chunk = new byte[64 * 1024];
        long taken = 0;
        // The kernel's own buffer holds some 200 KiB; ours 64 KiB and a turn more.
        for (int quiet = 0; quiet < 20;)
        {
            int sent = client.Send(chunk, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
            {
                taken += sent;
                quiet = 0;
            }
            else
            {
                quiet++;
                await Task.Delay(10);
            }

            Assert.InRange(taken, 0, 2 << 20);
        }
    }

    [Fact]
    public async Task Half_closed_peer_still_gets_its_answer()
    {
        using Socket client = Connect();
        await using ConnectionContext connection = await AcceptAsync();
        client.Shutdown(SocketShutdown.Send);
        ReadResult end = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.True(end.IsCompleted);

        await connection.Transport.Output.WriteAsync(new byte[] { 1, 2, 3 });
        byte[] answer = new byte[3];
        Assert.Equal(3, await client.ReceiveAsync(answer).WaitAsync(Patience));
    }

    [Fact]
    public async Task Abort_ends_both_directions_while_the_writer_is_held_back()
    {
        using Socket client = Connect();
        await using ConnectionContext connection = await AcceptAsync();
        Task writer = Task.Run(async () =>
        {
            FlushResult flush = default;
            while (!flush.IsCompleted) flush = await connection.Transport.Output.WriteAsync(new byte[4096]);
        });

        connection.Abort(new ConnectionAbortedException("test"));

        await writer.WaitAsync(Patience);
        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task One_user_gets_as_many_connections_as_the_limit_says()
    {
        List<Socket> clients = [];
        for (int i = 0; i < _options.MaxConnectionsPerUser; i++) clients.Add(Connect());
        using Socket oneMore = Connect();
        Assert.Equal(0, await oneMore.ReceiveAsync(new byte[1]).WaitAsync(Patience)); // closed at once

        Assert.Equal(1, _factory.Snapshot().Rejected[PeerRejection.TooManyOfUser]);
        Assert.Equal(_options.MaxConnectionsPerUser, _factory.Snapshot().OpenConnections);
        foreach (Socket client in clients) client.Dispose();
        foreach (Socket _ in clients) await (await AcceptAsync()).DisposeAsync();
        Assert.Equal(0, _factory.Snapshot().OpenConnections);
    }

    [Fact]
    public async Task Who_is_turned_away_is_counted_and_logged_before_it_can_know()
    {
        List<Socket> clients = [];
        for (int i = 0; i < _options.MaxConnectionsPerUser; i++) clients.Add(Connect());
        using Socket oneMore = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        TaskCompletionSource<(long Counted, bool Open)> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _log.Refused = () => seen.TrySetResult((_factory.Snapshot().Rejected[PeerRejection.TooManyOfUser], !oneMore.Poll(0, SelectMode.SelectRead)));

        await oneMore.ConnectAsync(new UnixDomainSocketEndPoint(Path)).WaitAsync(Patience);

        Assert.Equal((1, true), await seen.Task.WaitAsync(Patience));
        Assert.Equal(0, await oneMore.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        foreach (Socket client in clients) client.Dispose();
    }

    [Fact]
    public async Task Thousands_of_connections_leave_no_descriptor_behind()
    {
        OpenDescriptors before = OpenDescriptors.Now();
        for (int round = 0; round < 3000; round++)
        {
            using Socket client = Connect();
            ConnectionContext connection = await AcceptAsync();
            if (round % 3 == 0) await connection.Transport.Output.WriteAsync(new byte[] { 1 });
            if (round % 3 == 1) client.Dispose();
            if (round % 5 == 0) connection.Abort(new ConnectionAbortedException("test"));
            await connection.DisposeAsync();
        }

        Assert.Equal(0, _factory.Snapshot().OpenConnections);
        await before.NoMoreThanThenAsync(spare: 100);
    }

    [Fact]
    public async Task Unbinding_takes_the_name_away_and_keeps_who_is_there()
    {
        using Socket client = Connect();
        await using ConnectionContext connection = await AcceptAsync();
        await _listener.UnbindAsync();

        Assert.False(System.IO.Path.Exists(Path));
        Assert.Null(await _listener.AcceptAsync());
        await client.SendAsync(new byte[] { 42 });
        ReadResult read = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(42, read.Buffer.First.Span[0]);
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        while (true)
        {
            ReadResult read = await connection.Transport.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in read.Buffer) await connection.Transport.Output.WriteAsync(part);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
    }

    private async Task<ConnectionContext> AcceptAsync() => (await _listener.AcceptAsync().AsTask().WaitAsync(Patience))!;

    private Socket Connect()
    {
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(Path));
        return client;
    }
}
