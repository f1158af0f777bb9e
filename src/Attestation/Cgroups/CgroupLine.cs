namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>One line of /proc/PID/cgroup: <c>hierarchy:controllers:path</c>, cgroups(7).</summary>
/// <param name="Hierarchy">0 for the unified hierarchy (cgroup v2).</param>
/// <param name="Controllers">Separated by commas; <c>name=x</c> for a v1 hierarchy without any; empty for the unified one.</param>
/// <param name="Path">Absolute, as seen from the reader's cgroup namespace.</param>
internal readonly record struct CgroupLine(int Hierarchy, string Controllers, string Path)
{
    internal bool IsUnified => Hierarchy == 0;

    /// <summary>Whether it is the hierarchy in which systemd keeps its units on v1 and hybrid hosts.</summary>
    internal bool IsSystemd => Controllers == "name=systemd";

    /// <summary>Whether the path leads out of the reader's cgroup namespace, cgroup_namespaces(7).</summary>
    internal bool IsOutOfView => Path == "/.." || Path.StartsWith("/../", StringComparison.Ordinal);

    public override string ToString() => $"{Hierarchy}:{Controllers}:{Path}";
}
