namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Where Docker is asked.</summary>
public sealed class DockerOptions
{
    /// <summary>Absolute path of its socket, which must be root's. Default <c>/run/docker.sock</c>, where Docker puts it.</summary>
    public string Socket { get; init; } = "/run/docker.sock";
}
