using System.Collections.Immutable;

namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors.docker</c>: what Docker knows of a container.</summary>
public sealed class DockerAttestorOptions
{
    /// <summary><c>enabled</c>. True by default: it is asked only about processes in Docker's containers, and only when an entry has a selector of docker.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary><c>socket</c>: the Engine API. <c>/run/docker.sock</c> by default.</summary>
    public required string Socket { get; init; }

    /// <summary><c>cgroup_parents</c>: cgroup paths that Docker was told to put containers under (<c>--cgroup-parent</c>) and that do not show whose they are. None by default.</summary>
    public required ImmutableArray<string> CgroupParents { get; init; }
}
