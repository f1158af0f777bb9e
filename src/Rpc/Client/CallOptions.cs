namespace Spiffe.Agent.Rpc.Client;

/// <summary>What a single call adds: metadata, how long the client waits, who may cancel it.</summary>
/// <param name="Headers">Metadata of the request.</param>
/// <param name="Timeout">Ends the call with DeadlineExceeded, on both sides; null waits for ever.</param>
/// <param name="CancellationToken">Ends the call with Cancelled.</param>
public readonly record struct CallOptions(Metadata? Headers = null, TimeSpan? Timeout = null, CancellationToken CancellationToken = default);
