using System.Collections.Immutable;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Which line of /proc/PID/cgroup counts, and whether the others agree.</summary>
/// <remarks><para>A v2 host has one line. A hybrid host has systemd's units in both the unified hierarchy and <c>name=systemd</c>, and containers in every controller's. A
/// v1 host without systemd has containers in the controllers' alone. So a container counts in whichever it is found, the unified one first; a unit in the two of systemd.</para>
/// <para>Others may be less deep (a controller that is not delegated stays behind, at the root or on the way) or say nothing. Any other thing they say contradicts.
/// That nobody chooses evidence through one hierarchy that was delegated to him follows from its owners, which are looked at in the hierarchy that counts.</para></remarks>
internal readonly record struct CgroupChoice(CgroupLine Line, Anchored Anchored)
{
    /// <summary>False with the line that contradicts.</summary>
    internal static bool TryChoose(ImmutableArray<CgroupLine> lines, CgroupLayouts layouts, out CgroupChoice choice, out string detail)
    {
        detail = "";
        if (lines.Length == 1)
        {
            choice = Of(lines[0], layouts);
            return true;
        }

        ImmutableArray<CgroupChoice> all = [.. lines.OrderBy(Rank).Select(line => Of(line, layouts))];
        CgroupChoice chosen = all.FirstOrDefault(c => c.Place.Container is not null, all.FirstOrDefault(c => Rank(c.Line) < 2 && !c.Anchored.IsNowhere, all[0]));
        choice = chosen;
        CgroupChoice other = all.FirstOrDefault(c => !Agrees(chosen, c));
        if (other.Line.Path is null) return true;
        detail = $"{chosen.Line} and {other.Line}";
        return false;
    }

    private CgroupPlace Place => Anchored.Place;

    private static CgroupChoice Of(CgroupLine line, CgroupLayouts layouts) => new(line, line.IsOutOfView ? Anchored.Nowhere : layouts.Locate(line.Path));

    private static int Rank(CgroupLine line) => line.IsUnified ? 0 : line.IsSystemd ? 1 : 2;

    private static bool Agrees(CgroupChoice chosen, CgroupChoice other)
    {
        if (other.Anchored.IsNowhere || IsAtOrAbove(other.Line.Path, chosen.Line.Path)) return true;
        CgroupPlace mine = chosen.Place, theirs = other.Place;
        if (mine.Container is { } container) return theirs.Container is null ? IsLeftBehind(container, other) : theirs.Container == container;
        return theirs with { Container = null } == mine || (theirs.Container is null && IsAtOrAbove(chosen.Line.Path, other.Line.Path));
    }

    /// <summary>Runtimes before runc 1.1 move containers in v1 hierarchies only: in the unified one they stay in the unit of the daemon that started them.</summary>
    private static bool IsLeftBehind(ContainerPlace container, CgroupChoice other) =>
        other.Line.IsUnified && container.RootlessUserId is null
        && other.Line.Path is "/system.slice/docker.service" or "/system.slice/containerd.service" or "/system.slice/crio.service";

    private static bool IsAtOrAbove(string above, string path) =>
        path.StartsWith(above, StringComparison.Ordinal) && (path.Length == above.Length || above.Length == 1 || path[above.Length] == '/');
}
