using System.Collections.Immutable;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Layouts that cannot be known from the path alone: an operator names them.</summary>
public sealed class CgroupOptions
{
    /// <summary>Absolute cgroup paths that Docker was told to put containers under (<c>--cgroup-parent</c>), such as <c>/custom/parent</c>. Default none.</summary>
    public ImmutableArray<string> DockerParents { get; init; } = [];

    /// <summary>Namespaces of containerd whose containers lie at <c>/namespace/id</c>. Default <c>default</c>: ctr's.</summary>
    public ImmutableArray<string> ContainerdNamespaces { get; init; } = ["default"];
}
