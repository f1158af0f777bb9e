using System.Collections.Immutable;

namespace Spiffe.Agent.Residue;

/// <summary>Where to look, and how far.</summary>
public sealed record ResiduePlan
{
    /// <summary>Files or directories: absolute, without <c>..</c>. As the machine's first process sees them.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The same, of what the work made for others.</summary>
    public ImmutableArray<string> Artifacts { get; init; } = [];

    public Survivors Environments { get; init; } = Survivors.Task;

    public bool Journal { get; init; }

    public bool CoreDumps { get; init; }

    /// <summary>Bytes that may be read, unpacked ones and the output of tools included. Default 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>How long it may take. Default 30 s.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Files that may be looked at. Default 200,000.</summary>
    public int MaxFiles { get; init; } = 200_000;

    /// <summary>Directories within directories. Default 64: each is held open on the way down.</summary>
    public int MaxDepth { get; init; } = 64;
}
