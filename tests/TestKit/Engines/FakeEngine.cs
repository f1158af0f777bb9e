using System.Net.Sockets;
using System.Text;

namespace Spiffe.Agent.Tests.TestKit.Engines;

/// <summary>Fakes the API of Docker and Podman: a real Unix socket that answers each GET with whatever a test says, well-formed or not, or never. It fakes the
/// answers only: containers, pids and cgroups in them are what the test puts there.</summary>
public sealed class FakeEngine : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly string _path;
    private readonly Task _accepting;
    private int _requests;

    /// <summary>Listens.</summary>
    /// <param name="path">Where.</param>
    /// <param name="answer">Gets the path of a request and writes the answer's bytes.</param>
    public FakeEngine(string path, Func<string, Stream, CancellationToken, Task> answer)
    {
        (_path, _answer) = (path, answer);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>A whole answer.</summary>
    public static byte[] Answer(string status, string body) =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Answers every request so.</summary>
    public static FakeEngine Always(string path, byte[] answer) => new(path, async (_, stream, end) => await stream.WriteAsync(answer, end));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
        File.Delete(_path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptAsync(_end.Token)));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        using StreamReader reader = new(stream, leaveOpen: true);
        try
        {
            while (await reader.ReadLineAsync(_end.Token) is { } request)
            {
                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
                {
                    // Headers do not matter.
                }

                Interlocked.Increment(ref _requests);
                await _answer(request.Split(' ')[1], stream, _end.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client, the test, or an answer that ends the connection.
        }
    }
}
