namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>The outermost container that a cgroup path leads through, by a layout that is anchored at the root of the hierarchy.</summary>
/// <param name="Runtime">Whose layout it is.</param>
/// <param name="Id">The container's id: 64 digits of [0-9a-f], or the name that containerd's clients chose.</param>
/// <param name="Path">Path of the container's own cgroup; the process is in it or below it. Two processes of one container have it in common.</param>
public sealed record ContainerPlace(ContainerRuntime Runtime, string Id, string Path)
{
    /// <summary>The pod's uid as Kubernetes writes it (with dashes), when the path leads through <c>kubepods</c>.</summary>
    public string? PodUid { get; init; }

    /// <summary>containerd's namespace, when the layout is containerd's own.</summary>
    public string? Namespace { get; init; }

    /// <summary>The user whose service manager made the cgroup: what is below says no more than that user could say. Null where only root can make it.</summary>
    public uint? RootlessUserId { get; init; }
}
