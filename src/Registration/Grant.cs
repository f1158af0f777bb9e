using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>An identity that a caller earned, and the entry that says so.</summary>
/// <param name="Entry">The entry whose selectors all hold.</param>
/// <param name="Id">Its identity, with every placeholder filled.</param>
public readonly record struct Grant(Entry Entry, SpiffeId Id);
