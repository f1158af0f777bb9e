using System.Collections.Immutable;

namespace Spiffe.Agent.Registration;

/// <summary>What became of written entries: all of them, or everything that is wrong.</summary>
/// <param name="Entries">In the order written; empty when there is a fault.</param>
/// <param name="Faults">In the order of their places.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
public sealed record EntryReading(ImmutableArray<Entry> Entries, ImmutableArray<EntryFault> Faults, ImmutableArray<EntryFault> Warnings);
