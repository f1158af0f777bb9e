using System.Net.Sockets;
using System.Threading.Channels;
using Spiffe.Agent.Attestation.DBus;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>A bus with a systemd on it, which misbehaves as it is told. Fakes what both say; the socket is a real one of root's.</summary>
internal sealed class FakeBus : IAsyncDisposable
{
    internal const string Owner = ":1.0";

    private readonly string _folder = Directory.CreateTempSubdirectory("bus").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Channel<BusCall> _seen = Channel.CreateUnbounded<BusCall>();
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
    private readonly List<Socket> _connections = [];
    private readonly Task _accepting;

    internal FakeBus()
    {
        Path = System.IO.Path.Combine(_folder, "socket");
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    internal string Path { get; }

    internal FakeSystemd Systemd { get; } = new();

    /// <summary>What it says while a client lets itself in; null for nothing, ever.</summary>
    internal string? Login { get; set; } = "DATA\r\nOK 0123456789abcdef\r\nAGREE_UNIX_FD\r\n";

    /// <summary>The user who owns the name of systemd.</summary>
    internal uint OwnerUser { get; set; }

    /// <summary>What it does about a call instead of answering it, as messages to send; null to answer it.</summary>
    internal Func<BusCall, byte[][]?> Instead { get; set; } = static _ => null;

    internal int Connections { get; private set; }

    /// <summary>Members that were called, in order, without those that set a connection up.</summary>
    internal List<string> Calls { get; } = [];

    /// <summary>Waits for a call of this member.</summary>
    internal async Task<BusCall> SeenAsync(string member)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            BusCall call = await _seen.Reader.ReadAsync(patience.Token);
            if (call.Member == member) return call;
        }
    }

    /// <summary>Waits for the next connection.</summary>
    internal async Task<Socket> AcceptedAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        return await _accepted.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_connections) _connections.ForEach(connection => connection.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket connection = await _listener.AcceptAsync();
                Connections++;
                lock (_connections) _connections.Add(connection);
                _ = ServeAsync(connection);
                _accepted.Writer.TryWrite(connection);
            }
        }
        catch (SocketException)
        {
            // Disposed: the test is over.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            await using NetworkStream stream = new(connection); // Does not own the socket: one that says nothing stays open.
            int at = 0;
            byte[] begin = new byte[4096];
            while (!begin.AsSpan(0, at).EndsWith("BEGIN\r\n"u8)) await stream.ReadExactlyAsync(begin.AsMemory(at++, 1));
            if (Login is null) return;
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Login));
            while (true)
            {
                BusCall call = await ReadAsync(stream);
                if (call.Destination == Owner) Calls.Add(call.Member);
                foreach (byte[] message in Instead(call) ?? [Answer(call)]) await stream.WriteAsync(message);
                _seen.Writer.TryWrite(call);
            }
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
        }
    }

    /// <summary>As it answers when nothing is wrong.</summary>
    internal byte[] Answer(BusCall call) => call.Member switch
    {
        "Hello" => call.Answer(MethodCall.Bus, "s", body => body.String(":1.7")),
        "GetNameOwner" => call.Answer(MethodCall.Bus, "s", body => body.String(Owner)),
        "GetConnectionUnixUser" => call.Answer(MethodCall.Bus, "u", body => body.UInt32(OwnerUser)),
        _ => Systemd.Answer(call, Owner),
    };

    internal static async Task<BusCall> ReadAsync(Stream stream)
    {
        byte[] first = new byte[MessagePrefix.Size];
        await stream.ReadExactlyAsync(first);
        Assert.True(MessagePrefix.TryParse(first, out MessagePrefix prefix));
        byte[] rest = new byte[prefix.TotalLength - first.Length];
        await stream.ReadExactlyAsync(rest);
        return BusCall.Read([.. first, .. rest]);
    }
}
