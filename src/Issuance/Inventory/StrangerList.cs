using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Who was seen and got nothing, and how much of that found no room.</summary>
/// <param name="Rows">Those that were seen last first.</param>
/// <param name="Unlisted">Calls that found no room in the list: it is full.</param>
/// <param name="Forgotten">Rows that made room for others after a day without a call.</param>
public sealed record StrangerList(ImmutableArray<Stranger> Rows, long Unlisted, long Forgotten);
