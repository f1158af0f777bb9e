using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Entities;

/// <summary>An entity in a store, with everything above it.</summary>
/// <param name="Data">What was given.</param>
/// <param name="Ancestors">All that it is in, directly or not; itself left out.</param>
internal sealed record EntityNode(EntityData Data, HashSet<EntityUid> Ancestors);
