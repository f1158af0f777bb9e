using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Tests.Integration.Transport;

/// <summary>Answers "who" with the executable of the process it believes in. Once on our transport and attestation; once as a naive daemon would be written:
/// Kestrel's own transport, SO_PEERCRED, and a look at /proc when asked.</summary>
internal sealed class WhoServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("who").FullName;
    private readonly UnixPeerTransportFactory? _ours;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _served = [];
    private IConnectionListener _listener = null!;
    private Task _accepting = Task.CompletedTask;

    private WhoServer(UnixTransportOptions? options) =>
        _ours = options is null ? null : new UnixPeerTransportFactory(options, TimeProvider.System, NullLogger<UnixPeerTransportFactory>.Instance);

    internal string Socket => Path.Combine(_folder, "s");

    internal UnixTransportSnapshot Snapshot => _ours!.Snapshot();

    /// <summary>Completes when the first connection was accepted, with the connection.</summary>
    internal TaskCompletionSource<ConnectionContext> FirstAccepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes that reached the application.</summary>
    internal long BytesSeen;

    internal static Task<WhoServer> OursAsync(UnixTransportOptions? options = null) => StartAsync(new WhoServer(options ?? new UnixTransportOptions()));

    internal static Task<WhoServer> NaiveAsync() => StartAsync(new WhoServer(null));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listener.UnbindAsync();
        await _accepting;
        await Task.WhenAll(_served);
        await _listener.DisposeAsync();
        _ours?.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<WhoServer> StartAsync(WhoServer server)
    {
        if (server._ours is not null)
        {
            BoundUnixSocket bound = UnixSocketBinder.Bind(new UnixSocketOptions { Path = server.Socket, Mode = (UnixFileMode)0b110_110_110 });
            server._listener = await server._ours.BindAsync(new UnixListenEndPoint(bound));
        }
        else
        {
            SocketTransportFactory factory = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
            server._listener = await factory.BindAsync(new UnixDomainSocketEndPoint(server.Socket));
        }

        server._accepting = server.AcceptAsync();
        return server;
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is { } connection) _served.Add(Task.Run(() => ServeAsync(connection)));
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        await using (connection)
        {
            try
            {
                Task<string> answer = _ours is null ? NaiveAsync(connection) : OursAsync(connection);
                FirstAccepted.TrySetResult(connection);
                await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(await answer + "\n"), _stop.Token);
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or InvalidOperationException)
            {
            }
        }
    }

    private async Task<string> NaiveAsync(ConnectionContext connection)
    {
        byte[] credentials = new byte[12];
        connection.Features.Get<IConnectionSocketFeature>()!.Socket.GetRawSocketOption(1, 17, credentials);
        int pid = BitConverter.ToInt32(credentials);
        await QuestionAsync(connection);
        return new FileInfo($"/proc/{pid}/exe").LinkTarget ?? "nothing";
    }

    private async Task<string> OursAsync(ConnectionContext connection)
    {
        UnixPeer peer = connection.Features.Get<UnixPeer>()!;
        if (!PeerProcess.TryOpen(peer.ProcessId, peer.UserId, peer.GroupId, peer.PidFd, out PeerProcess? process, out PeerRefusal refusal)) return $"refused {refusal}";
        using (process)
        {
            await QuestionAsync(connection);
            AttestationOptions options = new();
            WorkloadAttestor attestor = new([new UnixAttestor(options, TimeProvider.System)], options, TimeProvider.System);
            AttestationResult result = await attestor.AttestAsync(process, SelectorKinds.Of([new Selector("unix", "path:"), new Selector("unix", "uid:")]), _stop.Token);
            return result switch
            {
                AttestationResult.Attested attested => attested.Selectors.FirstOrDefault(s => s.Value.StartsWith("path:", StringComparison.Ordinal)).Value?[5..] ?? "no path",
                AttestationResult.Refused refused => $"refused {refused.Reason}",
                _ => "impossible",
            };
        }
    }

    private async Task QuestionAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read = await input.ReadAsync(_stop.Token);
            Interlocked.Add(ref BytesSeen, read.Buffer.Length);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return;
            }

            if (read.IsCompleted) throw new IOException("no question");
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
