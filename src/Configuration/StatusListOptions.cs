using System.Net;

namespace Spiffe.Agent.Configuration;

/// <summary><c>tasks.status_list</c>: where whoever verifies tokens offline learns which are revoked or suspended (OAuth Token Status List).</summary>
public sealed class StatusListOptions
{
    /// <summary><c>listen</c>: address and port of a plain HTTP listener. <c>127.0.0.1:8089</c> by default.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary><c>uri</c>: where verifiers find it, as tokens name it. An https URL; http for a loopback address only.</summary>
    public required string Uri { get; init; }

    /// <summary><c>ttl</c>: how long verifiers may keep what they fetched. 1s to 1h, 15s by default.</summary>
    public required TimeSpan Ttl { get; init; }
}
