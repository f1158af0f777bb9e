using System.Collections.Frozen;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>The transport's counters at one moment.</summary>
/// <param name="OpenConnections">Connections open now.</param>
/// <param name="Accepted">Connections handed to the server since the start.</param>
/// <param name="Rejected">Connections refused or ended by the transport since the start, by reason; reasons that never occurred are 0.</param>
public sealed record UnixTransportSnapshot(int OpenConnections, long Accepted, FrozenDictionary<PeerRejection, long> Rejected);
