using System.Globalization;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>The pods of the node as the kubelet listed them once, to be found by container. Immutable once it is read.</summary>
internal sealed class PodList
{
    private readonly Dictionary<string, (Pod Pod, PodContainer Container)> _byContainer = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pods = new(StringComparer.Ordinal);
    private readonly HashSet<string> _disputed = new(StringComparer.Ordinal);

    /// <summary>How many pods it has.</summary>
    internal int Count => _pods.Count;

    /// <summary>Every pod's container that has an id, for who checks a whole list.</summary>
    internal IReadOnlyCollection<string> ContainerIds => _byContainer.Keys;

    /// <summary>Adds a pod while the list is read. False when a pod of that uid is there already.</summary>
    internal bool TryAdd(Pod pod)
    {
        foreach (PodContainer container in pod.Containers)
        {
            if (container.Id.Length > 0 && !_byContainer.TryAdd(container.Id, (pod, container))) _disputed.Add(container.Id);
        }

        return _pods.Add(pod.Uid);
    }

    /// <summary>The container at <paramref name="place"/>. It is found only if the list has it once, in the pod and under the runtime that the cgroup says.</summary>
    internal PodFinding Find(ContainerPlace place)
    {
        if (_disputed.Contains(place.Id)) return Contradicted($"container {place.Id} is listed twice");
        if (!_byContainer.TryGetValue(place.Id, out (Pod Pod, PodContainer Container) listed))
        {
            return _pods.Contains(place.PodUid ?? "")
                ? new PodFinding(PodFindingState.ContainerUnknown, null, null, $"pod {place.PodUid} is listed without container {place.Id}")
                : new PodFinding(PodFindingState.PodUnknown, null, null, $"no pod {place.PodUid} is listed");
        }

        if (!string.Equals(listed.Pod.Uid, place.PodUid, StringComparison.Ordinal))
            return Contradicted($"container {place.Id} is listed in pod {listed.Pod.Uid}, its cgroup is in pod {place.PodUid}");
        if (RuntimeOf(place.Runtime) is { } runtime && !string.Equals(runtime, listed.Container.Runtime, StringComparison.Ordinal))
            return Contradicted($"container {place.Id} is listed as one of {listed.Container.Runtime}, its cgroup is laid out by {runtime}");
        return new PodFinding(PodFindingState.Found, listed.Pod, listed.Container, "");
    }

    private static PodFinding Contradicted(FormattableString detail) =>
        new(PodFindingState.Contradicted, null, null, detail.ToString(CultureInfo.InvariantCulture));

    /// <summary>How the kubelet writes that runtime; null where the layout does not say which it is.</summary>
    private static string? RuntimeOf(ContainerRuntime runtime) => runtime switch
    {
        ContainerRuntime.Docker => "docker",
        ContainerRuntime.Containerd => "containerd",
        ContainerRuntime.CriO => "cri-o",
        ContainerRuntime.Podman => "podman",
        _ => null,
    };
}
