using System.Net.Sockets;
using System.Text;

namespace Spiffe.Agent.Tests.TestKit.Daemon;

/// <summary>What systemd gives a Type=notify service: a socket on which it says that it is ready. sd_notify(3).</summary>
internal sealed class ReadySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public ReadySocket(string path)
    {
        Path = path;
        File.Delete(path);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    /// <summary>For NOTIFY_SOCKET.</summary>
    public string Path { get; }

    /// <summary>Returns when <c>READY=1</c> has come.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        byte[] message = new byte[4096];
        while (true)
        {
            int length = await _socket.ReceiveAsync(message, cancellationToken);
            if (Encoding.UTF8.GetString(message, 0, length).Split('\n').Contains("READY=1", StringComparer.Ordinal)) return;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Path);
    }
}
