using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>The admin API as operators see it.</summary>
internal sealed class AdminClient(EndpointAddress address) : IDisposable
{
    private const string Service = "spiffeagent.admin.v1.Admin";

    private static readonly Method<GetStatusRequest, GetStatusResponse> GetStatus = new(MethodType.Unary, Service, "GetStatus", GetStatusResponse.Parser);
    private static readonly Method<ExplainRequest, ExplainResponse> Explain = new(MethodType.Unary, Service, "Explain", ExplainResponse.Parser);

    private readonly RpcChannel _channel = new(address.EndPoint);

    public Task<GetStatusResponse> StatusAsync(CancellationToken cancellationToken) =>
        _channel.UnaryAsync(GetStatus, new GetStatusRequest(), new CallOptions(CancellationToken: cancellationToken));

    public Task<ExplainResponse> ExplainAsync(int processId, CancellationToken cancellationToken) =>
        _channel.UnaryAsync(Explain, new ExplainRequest { ProcessId = processId }, new CallOptions(CancellationToken: cancellationToken));

    public void Dispose() => _channel.Dispose();
}
