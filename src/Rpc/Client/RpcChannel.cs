using System.Net;
using System.Net.Sockets;
using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>A gRPC client of one address: HTTP/2 with prior knowledge over one connection, which is made by the first call and again when it breaks.</summary>
public sealed class RpcChannel : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly RpcChannelOptions _options;
    private readonly CancellationTokenSource _closing = new();
    private bool _disposed;

    /// <param name="endPoint">A Unix socket or an IP and port.</param>
    /// <param name="options">Bounds; null takes the defaults.</param>
    public RpcChannel(EndPoint endPoint, RpcChannelOptions? options = null)
    {
        _options = options ?? new RpcChannelOptions();
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (_, cancellationToken) => ConnectAsync(endPoint, cancellationToken),
            ConnectTimeout = _options.ConnectTimeout,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>A channel to <c>unix:///absolute/path</c> or <c>tcp://IP:port</c>. Nothing connects yet.</summary>
    /// <exception cref="ArgumentException">Another kind of address.</exception>
    public static RpcChannel ForAddress(Uri address, RpcChannelOptions? options = null) => new(RpcAddress.Parse(address), options);

    /// <summary>One request, one response.</summary>
    /// <exception cref="RpcException">Every status but OK; Unavailable when nobody listens.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using ClientCall<TRequest, TResponse> call = Call(method, request, options);
        return await call.ResponseAsync();
    }

    /// <summary>Begins a call whose client sends one message: unary or server streaming. Dispose it: that cancels what still runs.</summary>
    public ClientCall<TRequest, TResponse> Call<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming) throw new ArgumentException($"{method.FullName} takes a stream", nameof(method));
        return ClientCall<TRequest, TResponse>.Start(_http, _options, method, request, options, _closing.Token);
    }

    /// <summary>Begins a call whose client sends a stream. Dispose it: that cancels what still runs.</summary>
    public ClientCall<TRequest, TResponse> Call<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (method.Type is MethodType.Unary or MethodType.ServerStreaming) throw new ArgumentException($"{method.FullName} takes one request", nameof(method));
        return ClientCall<TRequest, TResponse>.Start(_http, _options, method, null, options, _closing.Token);
    }

    /// <summary>Closes the connection; calls that still run are cancelled.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _closing.Cancel(); // Disposing the handler alone lets running streams run on.
        _http.Dispose();
        _closing.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
