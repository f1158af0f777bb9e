using System.Buffers;
using System.Globalization;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>The selectors of a container and its pod, with SPIRE's names and forms; of those that come in numbers only what somebody asks about.</summary>
internal sealed class PodSelectors(SelectorKinds needed, string source)
{
    private const int DigestLength = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private readonly List<EvidenceItem> _evidence = [];
    private readonly List<RefusedEvidence> _refused = [];

    internal AttestorFindings Findings => new(_evidence, _refused);

    internal void Add(Pod pod, PodContainer container)
    {
        One("ns", pod.Namespace);
        One("sa", pod.ServiceAccount);
        One("node-name", pod.NodeName);
        One("pod-uid", pod.Uid);
        One("pod-name", pod.Name);
        foreach ((string key, string value) in pod.Labels) Many("pod-label", $"{key}:{value}");
        foreach (PodOwner owner in pod.Owners)
        {
            Many("pod-owner", $"{owner.Kind}:{owner.Name}");
            Many("pod-owner-uid", $"{owner.Kind}:{owner.Uid}");
        }

        AddImages(pod, ContainerKind.Regular, "pod-image");
        AddImages(pod, ContainerKind.Init, "pod-init-image");
        One("container-name", container.Name);
        One("container-type", container.Kind switch { ContainerKind.Init => "init", ContainerKind.Ephemeral => "ephemeral", _ => "regular" });
        AddImage("container-image", container);
        Many("container-image-digest", DigestOf(container.ImageId));
    }

    /// <summary>Both forms of every image in one of the pod's lists, and how many containers the list has.</summary>
    private void AddImages(Pod pod, ContainerKind kind, string key)
    {
        int count = 0;
        foreach (PodContainer container in pod.Containers)
        {
            if (container.Kind != kind) continue;
            count++;
            AddImage(key, container);
        }

        One($"{key}-count", count.ToString(CultureInfo.InvariantCulture));
    }

    private void AddImage(string key, PodContainer container)
    {
        Many(key, container.Image);
        if (!string.Equals(container.Image, container.ImageId, StringComparison.Ordinal)) Many(key, container.ImageId);
    }

    private void One(string key, string value)
    {
        if (value.Length > 0 && needed.Contains(KubernetesAttestor.Kind, key)) Add(key, value);
    }

    private void Many(string key, string value)
    {
        if (value.Length > 0 && needed.Contains(KubernetesAttestor.Kind, key) && needed.Asks(new Selector(KubernetesAttestor.Kind, $"{key}:{value}"))) Add(key, value);
    }

    private void Add(string key, string value)
    {
        Selector selector = new(KubernetesAttestor.Kind, $"{key}:{value}");
        if (!Selector.TryParse(selector.ToString(), out _, out string? fault)) _refused.Add(new RefusedEvidence(KubernetesAttestor.Kind, key, EvidenceRefusal.AnswerMalformed, fault));
        else if (!_evidence.Exists(e => e.Selector == selector)) _evidence.Add(new EvidenceItem(selector, source));
    }

    /// <summary>The digest that the image was pulled by, from <c>repository@sha256:…</c>. An id without a repository is the image's configuration: another digest, and not given.</summary>
    private static string DigestOf(string imageId)
    {
        int at = imageId.LastIndexOf('@');
        if (at < 0) return "";
        ReadOnlySpan<char> digest = imageId.AsSpan(at + 1);
        const string Algorithm = "sha256:";
        bool isDigest = digest.StartsWith(Algorithm, StringComparison.Ordinal) && digest.Length == Algorithm.Length + DigestLength
            && !digest[Algorithm.Length..].ContainsAnyExcept(Digits);
        return isDigest ? digest.ToString() : "";
    }
}
