namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>What is used of an engine's answer about one container.</summary>
/// <param name="Id">Its id, in full.</param>
/// <param name="IsRunning">Whether the engine says that it runs.</param>
/// <param name="ProcessId">Its first process, as the engine sees it; 0 when there is none.</param>
/// <param name="ImageDigest">The image's own id, <c>sha256:…</c>: what the container was made from, whatever its reference names by now. Empty when there is none.</param>
/// <param name="ImageReference">The image as whoever started the container called it. Empty when there is none.</param>
internal sealed record EngineContainer(string Id, bool IsRunning, int ProcessId, string ImageDigest, string ImageReference)
{
    /// <summary>Its name, without the slash that Docker puts before it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The id of the pod that it is in; empty when it is in none.</summary>
    public string PodId { get; init; } = "";

    /// <summary>Its labels and its image's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>Its environment, <c>NAME=value</c> each. Secrets.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Never the environment.</summary>
    public override string ToString() => Id;
}
