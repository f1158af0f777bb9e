namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>How one engine speaks the API that Docker began.</summary>
/// <param name="Type">The type of its selectors.</param>
/// <param name="Containers">Where its containers are, by id.</param>
/// <param name="Pods">Where its pods are, by id; null when it has none.</param>
/// <param name="Remembered">How long an answer holds while the container lives. Null: for as long as it lives.</param>
internal sealed record EngineDialect(string Type, string Containers, string? Pods, TimeSpan? Remembered)
{
    /// <summary>Docker, with no version in the path: the daemon's own. Nothing that is made a selector can be changed in a container that lives.</summary>
    internal static EngineDialect Docker { get; } = new("docker", "/containers/", null, null);

    /// <summary>Podman from 4.0 on; libpod's own API, since the one that is like Docker's knows no pods. <c>podman rename</c>, and <c>podman update --env</c> from 5.5 on,
    /// change what is said of a container that lives, so it is asked again after 60 s.</summary>
    internal static EngineDialect Podman { get; } = new("podman", "/v4.0.0/libpod/containers/", "/v4.0.0/libpod/pods/", TimeSpan.FromSeconds(60));
}
