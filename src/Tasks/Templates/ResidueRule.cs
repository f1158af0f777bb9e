using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Templates;

/// <summary>Where it is looked, when a task is over, for credentials that it left behind.</summary>
public sealed record ResidueRule
{
    /// <summary>Most paths, and most artifacts. Ours.</summary>
    public const int MaxPaths = 32;

    /// <summary>Files and directories where it worked.</summary>
    public ImmutableArray<ResiduePath> Paths { get; init; } = [];

    /// <summary>Files and directories that it made for others.</summary>
    public ImmutableArray<ResiduePath> Artifacts { get; init; } = [];

    public SurvivorRule Environments { get; init; } = SurvivorRule.Task;

    /// <summary>Whether the journal of its unit is read.</summary>
    public bool Journal { get; init; }

    /// <summary>Whether core dumps are looked for where the kernel puts them.</summary>
    public bool CoreDumps { get; init; }

    /// <summary>Bytes that may be read.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Files that may be looked at.</summary>
    public int MaxFiles { get; init; } = 200_000;

    /// <summary>How long it may take.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);
}
