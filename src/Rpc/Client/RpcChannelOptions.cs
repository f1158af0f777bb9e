namespace Spiffe.Agent.Rpc.Client;

/// <summary>Bounds of a channel.</summary>
public sealed class RpcChannelOptions
{
    /// <summary>Longest response message in bytes. Default 4 MiB: gRPC's own. Above: ResourceExhausted.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long connecting may take. Default 5 s; ours, meant for sockets of the same host. Above: Unavailable.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Metadata that goes with every call.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>Clock of timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
