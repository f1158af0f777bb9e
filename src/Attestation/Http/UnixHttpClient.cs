using System.Net;
using System.Security.Cryptography;

namespace Spiffe.Agent.Attestation.Http;

/// <summary>Asks services on Unix sockets by HTTP/1.1: GET and nothing else, no redirects, proxies, cookies or tracing headers.</summary>
/// <remarks>Every connection goes to a socket that <see cref="TrustedSocket"/> has found to be its owner's. Answers are bounded in size; their time is the caller's token.</remarks>
internal sealed class UnixHttpClient : IDisposable
{
    /// <summary>Longest body, in bytes. 4 MiB. Ours: an inspected container is some 10 KB, with Docker's largest environments and labels still below 1 MiB.</summary>
    internal const int MaxBody = 4 << 20;

    /// <summary>Connections to one host at a time; further requests wait their turn. 4. Ours: engines answer one container at a time under a lock anyway.</summary>
    private const int MaxConnections = 4;

    /// <summary>Header bytes of one answer, in KiB. 16. Ours: engines send half of one.</summary>
    private const int MaxHeaders = 16;

    private const int FirstBuffer = 32 * 1024;

    /// <summary>Longest time to connect. 5 s. Ours: the attestors' own deadline, for a connection that outlives the request it was made for.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private static readonly HttpRequestOptionsKey<UnixEndpoint> EndpointKey = new("endpoint");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = MaxConnections,
        MaxResponseHeadersLength = MaxHeaders,
        MaxResponseDrainSize = 0,
        ConnectTimeout = ConnectLimit,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectCallback = ConnectAsync,
    });

    /// <summary>The answer to a GET, whatever its status.</summary>
    /// <exception cref="UnixHttpException">There is none, it is too long, or it is not HTTP.</exception>
    internal async Task<UnixHttpAnswer> GetAsync(UnixEndpoint endpoint, string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(string.Concat("http://", endpoint.Host, path)))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Options.Set(EndpointKey, endpoint);
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken);
            return await ReadAsync(endpoint, answer, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            // The message may quote what was received.
            throw failure.InnerException as UnixHttpException ?? Broken(endpoint, failure.HttpRequestError);
        }
        catch (HttpIOException failure)
        {
            throw Broken(endpoint, failure.HttpRequestError);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        context.InitialRequestMessage.Options.TryGetValue(EndpointKey, out UnixEndpoint? endpoint)
            ? await TrustedSocket.ConnectAsync(endpoint, cancellationToken)
            : throw new InvalidOperationException("a request without its endpoint");

    private static async Task<UnixHttpAnswer> ReadAsync(UnixEndpoint endpoint, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[(int)Math.Clamp(answer.Content.Headers.ContentLength + 1 ?? FirstBuffer, 1, MaxBody + 1)];
        bool whole = false;
        try
        {
            int length = 0;
            for (int read; (read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length > MaxBody) throw new UnixHttpException(EvidenceRefusal.AnswerMalformed, $"{endpoint.Path}: an answer longer than {MaxBody} bytes");
                if (length == buffer.Length) Grow(ref buffer);
            }

            whole = true;
            return new UnixHttpAnswer(answer.StatusCode, buffer, length);
        }
        finally
        {
            if (!whole) CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        byte[] larger = new byte[Math.Min(buffer.Length * 2, MaxBody + 1)];
        buffer.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(buffer);
        buffer = larger;
    }

    private static UnixHttpException Broken(UnixEndpoint endpoint, HttpRequestError error) => new(
        error == HttpRequestError.ConnectionError ? EvidenceRefusal.AttestorFailed : EvidenceRefusal.AnswerMalformed, $"{endpoint.Path}: {error}");
}
