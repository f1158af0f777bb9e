using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>What policies may know of a task, as long as its evidence does not change.</summary>
public sealed record TaskFacts
{
    public required TaskId Id { get; init; }

    /// <summary>Name of its template.</summary>
    public required string Template { get; init; }

    public required string Owner { get; init; }

    /// <summary>What the caller holds.</summary>
    public required SelectorSet Selectors { get; init; }

    /// <summary>From the root to its parent; none for a root.</summary>
    public ImmutableArray<TaskId> Ancestors { get; init; } = [];

    /// <summary>Issuer of the assertion on whose behalf it is; empty: none.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>On whose behalf; empty: nobody's.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Labels that its starter gave: untrusted.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
