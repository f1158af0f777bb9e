namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Where the kubelet puts pods: <c>kubepods</c>, with either driver; below <c>kubelet</c> where it was given that as its root, as kind does.</summary>
internal static class KubernetesLayout
{
    private const string CriContainerd = "cri-containerd";

    /// <summary>cgroupfs: <c>/[kubelet/]kubepods[/burstable|/besteffort]/podUID/ID</c>; CRI-O writes <c>crio-ID</c>.</summary>
    internal static Anchored? Locate(string[] names)
    {
        int at = names[0] == "kubelet" ? 1 : 0;
        if (names.Length <= at || names[at++] != "kubepods") return null;
        if (names.Length > at && names[at] is "burstable" or "besteffort") at++;
        if (names.Length <= at + 1 || PodOf(names[at++], "pod", '-') is not { } pod) return null;

        string name = names[at];
        if (RuntimeNames.IsId(name)) return Found(ContainerRuntime.Unknown, name);
        return RuntimeNames.IdAfter(name, "crio-") is { } id ? Found(ContainerRuntime.CriO, id) : null;

        Anchored Found(ContainerRuntime runtime, string id) => CgroupLayouts.Container(names, at + 1, new ContainerPlace(runtime, id, "") { PodUid = pod });
    }

    /// <summary>systemd: the scope of a container in a pod's slice; null when it is none. That slices nest has been seen.</summary>
    internal static ContainerPlace? OfScope(string slice, string scope)
    {
        if (PodOfSlice(slice) is not { } pod) return null;
        (ContainerRuntime Runtime, string? Id) found = (ContainerRuntime.Containerd, RuntimeNames.IdOfScope(scope, "cri-containerd-"));
        if (found.Id is null) found = (ContainerRuntime.CriO, RuntimeNames.IdOfScope(scope, "crio-"));
        if (found.Id is null) found = (ContainerRuntime.Docker, RuntimeNames.IdOfScope(scope, "docker-"));
        if (found.Id is null) found = (ContainerRuntime.Podman, RuntimeNames.IdOfScope(scope, "libpod-"));
        return found.Id is null ? null : new ContainerPlace(found.Runtime, found.Id, "") { PodUid = pod };
    }

    /// <summary><c>kubepods-podUID.slice:cri-containerd:ID</c>, directly in containerd's own unit: what runc makes of systemd's notation when containerd has the cgroupfs
    /// driver and the kubelet systemd's.</summary>
    internal static ContainerPlace? OfMixedDrivers(string unit, string name)
    {
        if (unit != "containerd.service" || name.Split(':') is not [string slice, CriContainerd, string id] || !RuntimeNames.IsId(id)) return null;
        return PodOfSlice(slice) is { } pod ? new ContainerPlace(ContainerRuntime.Containerd, id, "") { PodUid = pod } : null;
    }

    private static string? PodOfSlice(string slice)
    {
        if (!slice.EndsWith(UnitName.Slice, StringComparison.Ordinal)) return null;
        string name = slice[..^UnitName.Slice.Length];
        if (name.StartsWith("kubelet-", StringComparison.Ordinal)) name = name["kubelet-".Length..];
        return PodOf(name, "kubepods-pod", '_') ?? PodOf(name, "kubepods-burstable-pod", '_') ?? PodOf(name, "kubepods-besteffort-pod", '_');
    }

    private static string? PodOf(string name, string prefix, char dash) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? RuntimeNames.PodUid(name.AsSpan(prefix.Length), dash) : null;
}
