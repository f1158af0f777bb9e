using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance;

/// <summary>What is seen of one process and what that earns it, for people. Nothing is issued for it. No evidence in it is secret; entries are as their authors wrote them.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Command">The name that the program gave itself: a label, not evidence.</param>
/// <param name="Fault">Why nothing can be said of it; null when something can.</param>
public sealed record Explanation(int ProcessId, string Command, string? Fault)
{
    /// <summary>The process itself; null when nothing can be said of it.</summary>
    public ExplainedProcess? Process { get; init; }

    /// <summary>Each selector, as it may be shown, with the place where it was read.</summary>
    public ImmutableArray<(string Selector, string Source)> Evidence { get; init; } = [];

    /// <summary>Evidence that could not be taken or was not believed.</summary>
    public ImmutableArray<ExplainedRefusal> Refused { get; init; } = [];

    /// <summary>Types of selector whose attestor failed: the process may hold more of them than is shown.</summary>
    public ImmutableArray<string> Failed { get; init; } = [];

    /// <summary>Entries that match; the first is the default identity.</summary>
    public ImmutableArray<ExplainedEntry> Matched { get; init; } = [];

    /// <summary>Entries of which nobody can say whether they match, since what they lack is what a failed attestor would know. With one of them a caller is told Unavailable.</summary>
    public ImmutableArray<ExplainedEntry> Undecided { get; init; } = [];

    /// <summary>Entries that one selector keeps from matching.</summary>
    public ImmutableArray<ExplainedEntry> Nearly { get; init; } = [];
}
