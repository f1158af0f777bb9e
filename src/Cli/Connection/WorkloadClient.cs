using Google.Protobuf;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>The Workload API as its callers see it. Every call carries the security header (Workload Endpoint §3).</summary>
internal sealed class WorkloadClient(EndpointAddress address) : IDisposable
{
    private const string Service = "SpiffeWorkloadAPI";

    private static readonly Method<X509SVIDRequest, X509SVIDResponse> FetchX509Svid = Stream<X509SVIDRequest, X509SVIDResponse>("FetchX509SVID", X509SVIDResponse.Parser);
    private static readonly Method<X509BundlesRequest, X509BundlesResponse> FetchX509Bundles = Stream<X509BundlesRequest, X509BundlesResponse>("FetchX509Bundles", X509BundlesResponse.Parser);
    private static readonly Method<JWTBundlesRequest, JWTBundlesResponse> FetchJwtBundles = Stream<JWTBundlesRequest, JWTBundlesResponse>("FetchJWTBundles", JWTBundlesResponse.Parser);
    private static readonly Method<WITSVIDRequest, WITSVIDResponse> FetchWitSvid = Stream<WITSVIDRequest, WITSVIDResponse>("FetchWITSVID", WITSVIDResponse.Parser);
    private static readonly Method<WITBundlesRequest, WITBundlesResponse> FetchWitBundles = Stream<WITBundlesRequest, WITBundlesResponse>("FetchWITBundles", WITBundlesResponse.Parser);
    private static readonly Method<JWTSVIDRequest, JWTSVIDResponse> FetchJwtSvid = new(MethodType.Unary, Service, "FetchJWTSVID", JWTSVIDResponse.Parser);
    private static readonly Method<ValidateJWTSVIDRequest, ValidateJWTSVIDResponse> ValidateJwtSvid = new(MethodType.Unary, Service, "ValidateJWTSVID", ValidateJWTSVIDResponse.Parser);

    private readonly RpcChannel _channel = WorkloadChannel.To(address);

    public IAsyncEnumerable<X509SVIDResponse> X509SvidsAsync(CancellationToken cancellationToken) => StreamAsync(FetchX509Svid, new X509SVIDRequest(), cancellationToken);

    public IAsyncEnumerable<X509BundlesResponse> X509BundlesAsync(CancellationToken cancellationToken) => StreamAsync(FetchX509Bundles, new X509BundlesRequest(), cancellationToken);

    public IAsyncEnumerable<JWTBundlesResponse> JwtBundlesAsync(CancellationToken cancellationToken) => StreamAsync(FetchJwtBundles, new JWTBundlesRequest(), cancellationToken);

    public IAsyncEnumerable<WITSVIDResponse> WitSvidsAsync(WITSVIDRequest request, CancellationToken cancellationToken) => StreamAsync(FetchWitSvid, request, cancellationToken);

    public IAsyncEnumerable<WITBundlesResponse> WitBundlesAsync(CancellationToken cancellationToken) => StreamAsync(FetchWitBundles, new WITBundlesRequest(), cancellationToken);

    public Task<JWTSVIDResponse> JwtSvidsAsync(JWTSVIDRequest request, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(FetchJwtSvid, request, new CallOptions(CancellationToken: cancellationToken));

    public Task<ValidateJWTSVIDResponse> ValidateAsync(ValidateJWTSVIDRequest request, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(ValidateJwtSvid, request, new CallOptions(CancellationToken: cancellationToken));

    public void Dispose() => _channel.Dispose();

    private async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using ClientCall<TRequest, TResponse> call = _channel.Call(method, request, new CallOptions(CancellationToken: cancellationToken));
        while (await call.ResponseStream.MoveNext(cancellationToken)) yield return call.ResponseStream.Current;
    }

    private static Method<TRequest, TResponse> Stream<TRequest, TResponse>(string name, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => new(MethodType.ServerStreaming, Service, name, parser);
}
