using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Spiffe.Agent.Tests.TestKit.Kubelet;

/// <summary>A server on loopback that answers as a kubelet would, or as it never should. It fakes the kubelet's HTTP and what it says; TCP, TLS and certificates are real.</summary>
public sealed class FakeKubelet : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly Task _serving;
    private readonly ConcurrentBag<Socket> _sockets = [];

    /// <param name="certificate">Its serving certificate, with key; null for the read-only port, without TLS.</param>
    /// <param name="port">0 for a free one.</param>
    public FakeKubelet(X509Certificate2? certificate, int port = 0)
    {
        Certificate = certificate;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{Port}");

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Shown to the next connection.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>What it says to a question; by default that there are no pods.</summary>
    public Func<KubeletQuestion, KubeletAnswer> Answer { get; set; } = static _ => KubeletAnswer.Text("""{"kind":"PodList","apiVersion":"v1","metadata":{},"items":null}""");

    /// <summary>All questions so far.</summary>
    public ConcurrentQueue<KubeletQuestion> Questions { get; } = [];

    /// <summary>Connections so far, those that ended in the handshake included.</summary>
    public int Connections => _sockets.Count;

    public async ValueTask DisposeAsync()
    {
        if (_serving.IsCompleted) return;
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_end.Token);
                _sockets.Add(socket);
                connections.Add(ServeAsync(socket));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Here, where no further one can be accepted.
            foreach (Socket socket in _sockets) socket.Dispose();
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            string? subject = null;
            await using NetworkStream inner = new(socket, ownsSocket: true);
            Stream stream = inner;
            if (Certificate is { } certificate)
            {
                SslStream secure = new(inner);
                stream = secure;
                await secure.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        ClientCertificateRequired = true, // asked for, not insisted on, as the kubelet does
                        RemoteCertificateValidationCallback = (_, client, _, _) => (subject = client?.Subject) is null || true,
                    },
                    _end.Token);
            }

            await using (stream)
            {
                while (await ReadQuestionAsync(stream, subject) is { } question)
                {
                    Questions.Enqueue(question);
                    await SendAsync(stream, Answer(question));
                }
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or would not have us.
        }
    }

    private async Task<KubeletQuestion?> ReadQuestionAsync(Stream stream, string? subject)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0) return null;
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n");
        string? authorization = lines.FirstOrDefault(l => l.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase))?["Authorization: ".Length..];
        return new KubeletQuestion(lines[0], authorization, subject);
    }

    private async Task SendAsync(Stream stream, KubeletAnswer answer)
    {
        await answer.After.WaitAsync(_end.Token);
        string length = (answer.ClaimedLength ?? answer.Body.Length).ToString(CultureInfo.InvariantCulture);
        string[] head = [$"HTTP/1.1 {answer.Status} X", "Content-Type: application/json", $"Content-Length: {length}", .. answer.Headers, "", ""];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), _end.Token);
        await stream.WriteAsync(answer.Body, _end.Token);
        await stream.FlushAsync(_end.Token);
        if (answer.ClaimedLength > answer.Body.Length) throw new IOException("ends here");
    }
}
