using System.Collections.Immutable;

namespace Spiffe.Agent.Residue;

/// <summary>Whose work is looked behind.</summary>
public sealed record ResidueSubject
{
    /// <summary>Processes that did it and may still live.</summary>
    public ImmutableArray<int> Processes { get; init; } = [];

    /// <summary>Their cgroup, from the top of the hierarchy; empty or <c>/</c>: none that says anything.</summary>
    public string Cgroup { get; init; } = "";

    /// <summary>Who they ran as; null: not known.</summary>
    public uint? UserId { get; init; }

    /// <summary>The systemd unit that they ran in; empty: none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Where they worked; empty: not known.</summary>
    public string Directory { get; init; } = "";

    /// <summary>When the work began.</summary>
    public required DateTimeOffset Since { get; init; }
}
