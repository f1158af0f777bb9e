using System.Collections.Immutable;

namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors.containerd</c>: what containerd knows of containers, its own clients' and the kubelet's.</summary>
public sealed class ContainerdAttestorOptions
{
    /// <summary><c>enabled</c>. True by default: it is asked only about processes in its containers, and only when an entry has a selector of containerd.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary><c>socket</c>. <c>/run/containerd/containerd.sock</c> by default.</summary>
    public required string Socket { get; init; }

    /// <summary><c>namespaces</c>: those whose containers lie at the cgroup path <c>/namespace/id</c>. <c>default</c> by default, which is ctr's.</summary>
    public required ImmutableArray<string> Namespaces { get; init; }
}
