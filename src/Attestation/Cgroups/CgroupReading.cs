namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>One reading of the cgroup that a process is in.</summary>
/// <param name="Text">What /proc/PID/cgroup held, so that the end of attestation can see whether it still does.</param>
/// <param name="Path">Path in the hierarchy that counts, from its root; null when the reading is refused.</param>
/// <param name="Place">What the path says; <see cref="CgroupPlace.Nowhere"/> when the reading is refused.</param>
public sealed record CgroupReading(string Text, string? Path, CgroupPlace Place)
{
    /// <summary>Why the reading is no evidence; null when it is.</summary>
    public EvidenceRefusal? Refusal { get; init; }

    /// <summary>For logs and <c>explain</c>.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Id of the process's cgroup in the unified hierarchy, from its pidfd; null where the kernel does not tell.</summary>
    internal ulong? CgroupId { get; init; }

    /// <summary>Inode of the directory whose name is evidence; 0 when there is none.</summary>
    internal ulong Inode { get; init; }

    /// <summary>The line of /proc/PID/cgroup that counts, with <see cref="Path"/> from the top of <see cref="Mount"/>.</summary>
    internal CgroupLine Line { get; init; }

    /// <summary>Where that hierarchy is mounted here; null when it is not, or the reading is refused.</summary>
    internal CgroupMount? Mount { get; init; }

    /// <summary>Whether both processes are in one container: the same name, the same path, and the same directory. Never true of a refused reading.</summary>
    public bool IsSameContainer(CgroupReading other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Refusal is null && other.Refusal is null && Place.Container is { } mine && mine == other.Place.Container && Inode == other.Inode;
    }

    internal static CgroupReading Refused(string text, EvidenceRefusal reason, string detail) => new(text, null, CgroupPlace.Nowhere) { Refusal = reason, Detail = detail };
}
