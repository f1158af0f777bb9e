using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>One call under way. Whatever goes wrong is told as an <see cref="RpcException"/>. Disposing cancels what still runs.</summary>
public sealed class ClientCall<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly CancellationTokenSource _ended;
    private readonly CancellationToken _callers;
    private readonly HttpRequestMessage _request;
    private readonly Task<HttpResponseMessage> _response;
    private readonly ClientResponseStream<TResponse> _responses;
    private readonly IClientStreamWriter<TRequest>? _requests;
    private bool _disposed;

    private ClientCall(HttpMessageInvoker http, RpcChannelOptions channel, Method<TRequest, TResponse> method, TRequest? request, CallOptions options, CancellationToken closing)
    {
        _callers = options.CancellationToken;
        CancellationTokenSource clock = new(options.Timeout is { } timeout && timeout < GrpcTimeout.Longest ? Max(timeout, TimeSpan.Zero) : Timeout.InfiniteTimeSpan, channel.Time);
        Clock = clock;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_callers, clock.Token, closing);
        _request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://localhost" + method.FullName)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        _request.Headers.TryAddWithoutValidation("te", "trailers");
        if (options.Timeout is { } told) _request.Headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Format(told));
        Add(channel.Headers);
        Add(options.Headers);
        if (request is not null)
        {
            _request.Content = new ReadOnlyMemoryContent(EncodedMessage.From(request).Frame);
            _request.Content.Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaders.ContentType);
        }
        else
        {
            RequestContent content = new();
            _request.Content = content;
            _requests = new ClientRequestStream<TRequest>(content, ExplainAsync, _ended.Token);
        }

        _response = http.SendAsync(_request, _ended.Token);
        _ended.Token.UnsafeRegister(static call => _ = ((ClientCall<TRequest, TResponse>)call!).DropAsync(), this);
        _responses = new ClientResponseStream<TResponse>(_response, method.ResponseParser, channel.MaxReceiveMessageBytes, ExplainAsync, _ended.Token);
    }

    private CancellationTokenSource Clock { get; }

    /// <summary>Where requests go, for methods that take a stream of them.</summary>
    /// <exception cref="InvalidOperationException">The method takes one request, which has been sent.</exception>
    public IClientStreamWriter<TRequest> RequestStream => _requests ?? throw new InvalidOperationException("the method takes one request");

    /// <summary>Where responses come from.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream => _responses;

    /// <summary>Metadata at the end of the call; empty before.</summary>
    public Metadata Trailers => _responses.Trailers;

    /// <summary>Metadata at the begin of the response, once it has begun.</summary>
    public async Task<Metadata> ResponseHeadersAsync()
    {
        try
        {
            return ResponseStatus.Metadata((await _response).Headers);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw await ExplainAsync(e);
        }
    }

    /// <summary>The only response of a unary or client-streaming call.</summary>
    /// <exception cref="RpcException">Every status but OK; Unimplemented when the server sends none or several.</exception>
    public async Task<TResponse> ResponseAsync()
    {
        if (!await _responses.MoveNext(default)) throw new RpcException(new Status(StatusCode.Unimplemented, "no response where the method has exactly one"));
        TResponse response = _responses.Current;
        if (await _responses.MoveNext(default)) throw new RpcException(new Status(StatusCode.Unimplemented, "more than one response where the method has exactly one"));
        return response;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _ended.Cancel();
        _request.Dispose();
        _ended.Dispose();
        Clock.Dispose();
    }

    internal static ClientCall<TRequest, TResponse> Start(
        HttpMessageInvoker http, RpcChannelOptions channel, Method<TRequest, TResponse> method, TRequest? request, CallOptions options, CancellationToken closing) =>
        new(http, channel, method, request, options, closing);

    // Cancelling ends only reads that wait. Disposing the response resets the stream, so that the server hears of it in any case.
    private async Task DropAsync()
    {
        await ((Task)_response).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_response.IsCompletedSuccessfully) (await _response).Dispose();
    }

    // A write that fails says little: when the server has answered already, its status says why.
    private async Task<RpcException> ExplainAsync(Exception error)
    {
        if (error is RpcException told) return told;
        if (_callers.IsCancellationRequested) return new RpcException(Status.DefaultCancelled);
        if (_disposed) return new RpcException(new Status(StatusCode.Cancelled, "the call was disposed"));
        if (Clock.IsCancellationRequested) return new RpcException(new Status(StatusCode.DeadlineExceeded, "the deadline has passed"));
        if (_ended.IsCancellationRequested) return new RpcException(new Status(StatusCode.Cancelled, "the channel was disposed"));
        if (_response.IsCompletedSuccessfully && ResponseStatus.Read((await _response).TrailingHeaders) is { } trailed) return new RpcException(trailed, ResponseStatus.Metadata((await _response).TrailingHeaders));
        if (_response.IsCompletedSuccessfully && ResponseStatus.Read((await _response).Headers) is { } headed) return new RpcException(headed, ResponseStatus.Metadata((await _response).Headers));
        return new RpcException(ResponseStatus.FromError(error));
    }

    private void Add(Metadata? metadata)
    {
        if (metadata is null) return;
        foreach (Metadata.Entry entry in metadata)
        {
            if (!HeaderMetadata.IsReserved(entry.Key)) _request.Headers.TryAddWithoutValidation(entry.Key, HeaderMetadata.HeaderValue(entry));
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
