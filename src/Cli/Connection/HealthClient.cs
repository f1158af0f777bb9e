using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Rpc.Health;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>grpc.health.v1 on the workload socket.</summary>
internal sealed class HealthClient(EndpointAddress address) : IDisposable
{
    private static readonly Method<HealthCheckRequest, HealthCheckResponse> Check = new(MethodType.Unary, "grpc.health.v1.Health", "Check", HealthCheckResponse.Parser);

    private readonly RpcChannel _channel = WorkloadChannel.To(address);

    /// <summary>The state of the server as a whole.</summary>
    public Task<HealthCheckResponse> CheckAsync(CancellationToken cancellationToken) =>
        _channel.UnaryAsync(Check, new HealthCheckRequest(), new CallOptions(CancellationToken: cancellationToken));

    public void Dispose() => _channel.Dispose();
}
