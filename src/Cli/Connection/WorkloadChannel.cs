using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>Channels to a workload socket: every call carries the security header, or it would be refused (Workload Endpoint §3).</summary>
internal static class WorkloadChannel
{
    /// <summary>Longest answer that is taken, in bytes. Ours: bundles of many trust domains are large.</summary>
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    public static RpcChannel To(EndpointAddress address) => new(address.EndPoint, new RpcChannelOptions
    {
        Headers = new Metadata { { "workload.spiffe.io", "true" } },
        MaxReceiveMessageBytes = MaxAnswerBytes,
    });
}
