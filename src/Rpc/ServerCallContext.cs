using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Spiffe.Agent.Rpc.Server;
using Spiffe.Agent.Rpc.Transport;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc;

/// <summary>One call, as its handler sees it. Of no use after the call has ended.</summary>
public sealed partial class ServerCallContext
{
    private readonly IFeatureCollection _features;
    private readonly IHttpRequestFeature _request;
    private Metadata? _requestHeaders;
    private Metadata? _trailers;
    private volatile bool _ended;

    internal ServerCallContext(IFeatureCollection features, RpcServerOptions limits, ServerLifetime lifetime)
    {
        _features = features;
        _lifetime = lifetime;
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        Limits = limits;
        Connection = features.GetRequiredFeature<RpcConnection>();
        Responses = new ResponseWriter(this, features);
        Requests = new RequestReader(this, features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader);
        Method = _request.RawTarget;
    }

    /// <summary>Path of the method: <c>/service/method</c>.</summary>
    public string Method { get; }

    /// <summary>What the client calls this server (:authority).</summary>
    public string Host => Headers.Host.ToString();

    /// <summary>The connection that the call came over.</summary>
    public RpcConnection Connection { get; }

    /// <summary>The process at the other end; null where the transport does not know it.</summary>
    public UnixPeer? Peer => Connection.Peer;

    /// <summary>Metadata of the request, without what belongs to HTTP and gRPC themselves. Made on first use; <see cref="GetHeader"/> is cheaper for one key.</summary>
    /// <exception cref="RpcException">Internal: a key or value breaks the rules of metadata.</exception>
    public Metadata RequestHeaders => _requestHeaders ??= ReadHeaders();

    /// <summary>Sent behind the last message.</summary>
    public Metadata ResponseTrailers => _trailers ??= new Metadata();

    /// <summary>What the call answers when its handler returns normally. Default OK; an <see cref="RpcException"/> overrules it.</summary>
    public Status Status { get; set; }

    internal RpcServerOptions Limits { get; }

    internal RequestReader Requests { get; }

    internal ResponseWriter Responses { get; }

    internal bool HasEnded => _ended;

    internal bool RequestsMayBeCompressed { get; private set; }

    private IHeaderDictionary Headers => _ended ? throw new InvalidOperationException("the call has ended") : _request.Headers;

    /// <summary>Every value of one text key as it came, one for each header line; empty when there is none. The key in any case, the values untouched.</summary>
    public StringValues GetHeader(string key) => Headers[key];

    /// <summary>Sends the response headers, with this metadata, ahead of the first message.</summary>
    /// <exception cref="InvalidOperationException">They have been sent.</exception>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => Responses.StartAsync(responseHeaders);

    private Metadata ReadHeaders()
    {
        Metadata metadata = new();
        foreach ((string name, StringValues values) in Headers)
        {
            foreach (string? value in values)
            {
                if (!HeaderMetadata.TryAdd(metadata, name, value ?? "")) throw new RpcException(new Status(StatusCode.Internal, "malformed metadata"));
            }
        }

        return metadata;
    }
}
