namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Where Podman is asked.</summary>
public sealed class PodmanOptions
{
    /// <summary>What stands for the user's id in <see cref="RootlessSocket"/>.</summary>
    public const string UserIdPlaceholder = "{uid}";

    /// <summary>Absolute path of root's socket. Default <c>/run/podman/podman.sock</c>: podman.socket of the system.</summary>
    public string Socket { get; init; } = "/run/podman/podman.sock";

    /// <summary>Absolute path of a user's socket, with <c>{uid}</c> in it. Default <c>/run/user/{uid}/podman/podman.sock</c>: podman.socket of the user.</summary>
    public string RootlessSocket { get; init; } = "/run/user/{uid}/podman/podman.sock";
}
