using System.Net.Sockets;
using Google.Protobuf;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Tests.Conformance.Api;

/// <summary>A Workload API client of this process, with the security header unless a test says otherwise.</summary>
internal sealed class WorkloadClient(string socket) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly RpcChannel _channel = new(new UnixDomainSocketEndPoint(socket));

    public static Metadata Header => new() { { "workload.spiffe.io", "true" } };

    public Task<X509SVIDResponse> X509() => First("FetchX509SVID", X509SVIDResponse.Parser, new X509SVIDRequest());

    public Task<X509BundlesResponse> X509Bundles() => First("FetchX509Bundles", X509BundlesResponse.Parser, new X509BundlesRequest());

    public Task<JWTBundlesResponse> JwtBundles() => First("FetchJWTBundles", JWTBundlesResponse.Parser, new JWTBundlesRequest());

    public Task<WITBundlesResponse> WitBundles() => First("FetchWITBundles", WITBundlesResponse.Parser, new WITBundlesRequest());

    public Task<WITSVIDResponse> Wit(string id = "") => First("FetchWITSVID", WITSVIDResponse.Parser, new WITSVIDRequest { SpiffeId = id });

    public Task<JWTSVIDResponse> Jwt(string id, params string[] audiences) =>
        _channel.UnaryAsync(Unary<JWTSVIDRequest, JWTSVIDResponse>("FetchJWTSVID", JWTSVIDResponse.Parser), new JWTSVIDRequest { SpiffeId = id, Audience = { audiences } }, new CallOptions(Header, Patience));

    public Task<ValidateJWTSVIDResponse> Validate(string audience, string token) => _channel.UnaryAsync(
        Unary<ValidateJWTSVIDRequest, ValidateJWTSVIDResponse>("ValidateJWTSVID", ValidateJWTSVIDResponse.Parser), new ValidateJWTSVIDRequest { Audience = audience, Svid = token }, new CallOptions(Header, Patience));

    /// <summary>Opens a stream; the caller reads and disposes it.</summary>
    public ClientCall<TRequest, TResponse> Open<TRequest, TResponse>(string method, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _channel.Call(new Method<TRequest, TResponse>(MethodType.ServerStreaming, "SpiffeWorkloadAPI", method, parser), request, new CallOptions(Header, Patience));

    /// <summary>Calls any method with these headers and nothing else; gives the status it ended with, OK for one that answered.</summary>
    public async Task<Status> StatusOf(string service, string method, Metadata headers)
    {
        Method<X509SVIDRequest, X509SVIDResponse> any = new(MethodType.ServerStreaming, service, method, X509SVIDResponse.Parser);
        using ClientCall<X509SVIDRequest, X509SVIDResponse> call = _channel.Call(any, new X509SVIDRequest(), new CallOptions(headers, Patience));
        try
        {
            await call.ResponseStream.MoveNext(CancellationToken.None);
            return new Status(StatusCode.OK, "");
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<TResponse> First<TRequest, TResponse>(string method, MessageParser<TResponse> parser, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using ClientCall<TRequest, TResponse> call = Open(method, request, parser);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None), "the stream ended without an answer");
        return call.ResponseStream.Current;
    }

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(string name, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => new(MethodType.Unary, "SpiffeWorkloadAPI", name, parser);
}
