using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>What became of an entry since the start.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">What it gives, with placeholders where it has some.</param>
/// <param name="Origin">Where it was written.</param>
/// <param name="Selectors">What it asks, as people may see it.</param>
/// <param name="EarnedAt">When a caller was last newly found to earn it; null: nobody was.</param>
/// <param name="Calls">Calls of those who earn it that go on now.</param>
public sealed record EntryUse(string Name, string Id, string Origin, ImmutableArray<string> Selectors, DateTimeOffset? EarnedAt, int Calls);
