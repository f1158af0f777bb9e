using System.Collections.Immutable;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Recognises whole cgroup paths from the root: the layouts of runtimes, the kubelet and systemd. An id that stands anywhere else is a name that somebody chose.</summary>
/// <remarks><para>Layouts differ in their first segments, so a path is read by one of them, and the container that comes first on it counts: what is below was made
/// by that container or by what runs in it.</para>
/// <para>Sources: runc and crun (names of scopes), moby daemon/oci_linux.go, podman libpod/container_internal_linux.go, kubernetes pkg/kubelet/cm, containerd
/// pkg/cri, systemd src/basic/cgroup-util.c.</para></remarks>
internal sealed class CgroupLayouts
{
    private readonly ImmutableArray<string[]> _dockerParents;
    private readonly ImmutableArray<string> _namespaces;

    /// <exception cref="ArgumentException">A parent is not an absolute path, or a namespace not a name that containerd takes and systemd does not.</exception>
    internal CgroupLayouts(CgroupOptions options)
    {
        foreach (string parent in options.DockerParents)
        {
            if (!CgroupLines.TryParse($"0::{parent}\n", out ImmutableArray<CgroupLine> lines, out _, out _) || lines is not [{ IsOutOfView: false }])
                throw new ArgumentException($"not an absolute cgroup path: {parent}", nameof(options));
        }

        foreach (string name in options.ContainerdNamespaces)
        {
            // One that is named like a unit would take what systemd makes for its own.
            if (!RuntimeNames.IsContainerdName(name) || UnitName.IsSliceIn(null, name) || UnitName.Of(name) is not null)
                throw new ArgumentException($"not a namespace of containerd: {name}", nameof(options));
        }

        _dockerParents = [.. options.DockerParents.Select(Split)];
        _namespaces = options.ContainerdNamespaces;
    }

    /// <summary>What a path of /proc/PID/cgroup says that is in view and not deleted.</summary>
    internal Anchored Locate(string path)
    {
        string[] names = Split(path);
        if (names.Length == 0) return Anchored.Nowhere;
        Anchored found = (names[0] switch
        {
            "docker" => Docker(names, 1),
            "libpod_parent" => Podman(names),
            "kubepods" or "kubelet" => KubernetesLayout.Locate(names),
            _ => SystemdLayout.Locate(names) ?? Containerd(names),
        }) ?? Anchored.Nowhere;
        return found.Place.Container is null && found.ManagerDepth == 0 ? BelowDockerParents(names, found) : found;
    }

    private Anchored BelowDockerParents(string[] names, Anchored found)
    {
        foreach (string[] parent in _dockerParents)
        {
            if (names.Length <= parent.Length || !names.AsSpan(0, parent.Length).SequenceEqual(parent)) continue;
            if (Docker(names, parent.Length, found.Place) is { } container) return container;
        }

        return found;
    }

    /// <summary><c>parent/ID</c> with the cgroupfs driver, <c>parent/docker-ID.scope</c> with systemd's.</summary>
    private static Anchored? Docker(string[] names, int parent, CgroupPlace? place = null)
    {
        if (names.Length <= parent) return null;
        string name = names[parent];
        string? id = RuntimeNames.IsId(name) ? name : place is null ? null : RuntimeNames.IdOfScope(name, "docker-");
        return id is null ? null : Container(names, parent + 1, new ContainerPlace(ContainerRuntime.Docker, id, ""), place);
    }

    /// <summary><c>/libpod_parent/[POD/]libpod-ID</c>: podman with the cgroupfs driver.</summary>
    private static Anchored? Podman(string[] names)
    {
        int at = names.Length > 2 && RuntimeNames.IsId(names[1]) ? 2 : 1;
        string? id = names.Length > at ? RuntimeNames.IdAfter(names[at], "libpod-") : null;
        return id is null ? null : Container(names, at + 1, new ContainerPlace(ContainerRuntime.Podman, id, ""));
    }

    /// <summary><c>/namespace/name</c>.</summary>
    private Anchored? Containerd(string[] names) =>
        names.Length > 1 && _namespaces.Contains(names[0]) && RuntimeNames.IsContainerdName(names[1])
            ? Container(names, 2, new ContainerPlace(ContainerRuntime.Containerd, names[1], "") { Namespace = names[0] })
            : null;

    /// <summary>The container whose own cgroup is the first <paramref name="depth"/> segments.</summary>
    internal static Anchored Container(string[] names, int depth, ContainerPlace container, CgroupPlace? place = null) =>
        new((place ?? CgroupPlace.Nowhere) with { Container = container with { Path = "/" + string.Join('/', names, 0, depth) } }) { Depth = depth };

    private static string[] Split(string path) => path.Length <= 1 ? [] : path[1..].Split('/');
}
