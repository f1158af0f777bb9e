using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>An identity that entries give to callers of now, or of a moment ago.</summary>
/// <param name="Id">The SPIFFE ID.</param>
/// <param name="Entries">The entries that say so, by name.</param>
/// <param name="Svids">What is alive of it.</param>
/// <param name="Calls">Calls that go on now, open streams among them; none: what it holds is kept ready for a moment.</param>
/// <param name="Streams">Streams that wait for the next SVID.</param>
public sealed record LiveIdentity(string Id, ImmutableArray<string> Entries, ImmutableArray<LiveSvid> Svids, int Calls, int Streams);
