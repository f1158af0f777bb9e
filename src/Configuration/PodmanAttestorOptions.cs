namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors.podman</c>: what Podman knows of a container.</summary>
public sealed class PodmanAttestorOptions
{
    /// <summary>What stands for the user's number in <see cref="RootlessSocket"/>.</summary>
    public const string UidPlaceholder = "{uid}";

    /// <summary><c>enabled</c>. True by default: it is asked only about processes in Podman's containers, and only when an entry has a selector of podman.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary><c>socket</c>: root's own Podman. <c>/run/podman/podman.sock</c> by default.</summary>
    public required string Socket { get; init; }

    /// <summary><c>rootless_socket</c>: a user's own Podman, with <see cref="UidPlaceholder"/> where the user's number goes. <c>/run/user/{uid}/podman/podman.sock</c> by default.</summary>
    public required string RootlessSocket { get; init; }
}
