using System.Collections.Immutable;
using System.Globalization;

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

    /// <summary>When the work ended, on the clock of uptime: survivors are those who lived after that.</summary>
    public long EndedAt { get; init; } = long.MaxValue;

    /// <summary>When the work began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Where a process works now; empty where that cannot be seen. Whoever asks makes sure afterwards that it still is the same process.</summary>
    public static string DirectoryOf(int processId) => File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cwd"), returnFinalTarget: false)?.FullName ?? "";
}
