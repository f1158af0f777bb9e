using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Issuance;

/// <summary>A process as an explanation shows it, beside its selectors.</summary>
public sealed record ExplainedProcess
{
    /// <summary>Effective user id.</summary>
    public required uint UserId { get; init; }

    /// <summary>Effective group id.</summary>
    public required uint GroupId { get; init; }

    /// <summary>Null where it cannot be read.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>As its own mounts name it; null where it cannot be read or shown.</summary>
    public required string? Executable { get; init; }

    /// <summary>From the root of the hierarchy; null when it is no evidence.</summary>
    public required string? CgroupPath { get; init; }

    /// <summary>Why the cgroup is no evidence; null when it is.</summary>
    public required string? CgroupFault { get; init; }

    /// <summary>The unit of the system's service manager.</summary>
    public required string? Unit { get; init; }

    /// <summary>The slice of that unit.</summary>
    public required string? Slice { get; init; }

    /// <summary>The user whose own service manager it is under.</summary>
    public required uint? UserManager { get; init; }

    /// <summary>The unit of that user's service manager.</summary>
    public required string? UserUnit { get; init; }

    /// <summary>The outermost container's runtime: docker, podman, containerd, cri-o, or unknown where the layout does not say; null outside of containers.</summary>
    public required string? Runtime { get; init; }

    /// <summary>The container's id.</summary>
    public required string? ContainerId { get; init; }

    /// <summary>The pod's uid.</summary>
    public required string? PodUid { get; init; }

    /// <summary>containerd's namespace.</summary>
    public required string? ContainerdNamespace { get; init; }

    /// <summary>The user whose rootless runtime made the container.</summary>
    public required uint? RootlessUserId { get; init; }

    internal static ExplainedProcess Of(ProcessView view)
    {
        CgroupReading cgroup = view.Cgroup;
        return new ExplainedProcess
        {
            UserId = view.UserId,
            GroupId = view.GroupId,
            StartedAt = view.StartedAt,
            Executable = view.Executable,
            CgroupPath = cgroup.Path,
            CgroupFault = cgroup.Refusal is { } refusal ? IssuanceService.Sentence(new RefusedEvidence("", "", refusal, cgroup.Detail)) : null,
            Unit = cgroup.Place.Unit,
            Slice = cgroup.Place.Slice,
            UserManager = cgroup.Place.UserManager,
            UserUnit = cgroup.Place.UserUnit,
            Runtime = cgroup.Place.Container is { } container ? Name(container.Runtime) : null,
            ContainerId = cgroup.Place.Container?.Id,
            PodUid = cgroup.Place.Container?.PodUid,
            ContainerdNamespace = cgroup.Place.Container?.Namespace,
            RootlessUserId = cgroup.Place.Container?.RootlessUserId,
        };
    }

    private static string Name(ContainerRuntime runtime) => runtime switch
    {
        ContainerRuntime.Docker => "docker",
        ContainerRuntime.Podman => "podman",
        ContainerRuntime.Containerd => "containerd",
        ContainerRuntime.CriO => "cri-o",
        _ => "unknown",
    };
}
