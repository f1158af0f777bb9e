using System.Collections.Immutable;

namespace Spiffe.Agent.Registration;

/// <summary>What became of a change: done whole, or refused whole.</summary>
/// <param name="Entries">The entries that were added, changed (as they are now) or removed; empty when it was refused.</param>
/// <param name="Refusals">Everything that stands against it; empty when it was done.</param>
public sealed record EntryChange(ImmutableArray<Entry> Entries, ImmutableArray<EntryRefusal> Refusals)
{
    internal static EntryChange Refused(params ImmutableArray<EntryRefusal> refusals) => new([], refusals);
}
