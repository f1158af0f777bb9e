using System.Text.Json;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>Collects one pod after the other while a list is read.</summary>
internal sealed class PodBuilder
{
    private readonly List<KeyValuePair<string, string>> _labels = [];
    private readonly HashSet<string> _labelKeys = new(StringComparer.Ordinal);
    private readonly List<PodOwner> _owners = [];
    private readonly List<PodContainer> _containers = [];
    private string _uid = "", _name = "", _namespace = "", _serviceAccount = "", _nodeName = "";
    private string _labelKey = "";
    private string _ownerKind = "", _ownerName = "", _ownerUid = "";
    private string _containerName = "", _image = "", _imageId = "", _containerId = "";
    private bool _isMirror;

    internal void Clear()
    {
        _uid = _name = _namespace = _serviceAccount = _nodeName = "";
        _isMirror = false;
        _labels.Clear();
        _labelKeys.Clear();
        _owners.Clear();
        _containers.Clear();
    }

    internal void AddLabelKey(string key)
    {
        if (!_labelKeys.Add(key)) throw new JsonException("a label occurs twice");
        _labelKey = key;
    }

    internal void BeginOwner() => _ownerKind = _ownerName = _ownerUid = "";

    internal void EndOwner() => _owners.Add(new PodOwner(_ownerKind, _ownerName, _ownerUid));

    internal void BeginContainer() => _containerName = _image = _imageId = _containerId = "";

    internal void EndContainer(PodListNode list) => _containers.Add(PodContainer.Of(KindOf(list), _containerName, _image, _imageId, _containerId));

    /// <summary>Sets the text at a place; the value of a label belongs to the key before it.</summary>
    internal void Set(PodListNode node, string text)
    {
        switch (node)
        {
            case PodListNode.Uid: _uid = text; break;
            case PodListNode.Name: _name = text; break;
            case PodListNode.Namespace: _namespace = text; break;
            case PodListNode.ServiceAccount: _serviceAccount = text; break;
            case PodListNode.NodeName: _nodeName = text; break;
            case PodListNode.Label: _labels.Add(new(_labelKey, text)); break;
            case PodListNode.Mirror: _isMirror = true; break;
            case PodListNode.OwnerKind: _ownerKind = text; break;
            case PodListNode.OwnerName: _ownerName = text; break;
            case PodListNode.OwnerUid: _ownerUid = text; break;
            case PodListNode.ContainerName: _containerName = text; break;
            case PodListNode.Image: _image = text; break;
            case PodListNode.ImageId: _imageId = text; break;
            case PodListNode.ContainerId: _containerId = text; break;
            default: throw new JsonException("a text where the API has none");
        }
    }

    /// <summary>The pod; null for a mirror, which runs nothing.</summary>
    internal Pod? Build()
    {
        if (_isMirror) return null;
        if (_uid.Length == 0) throw new JsonException("a pod without a uid");
        return new Pod
        {
            Uid = _uid,
            Name = _name,
            Namespace = _namespace,
            ServiceAccount = _serviceAccount,
            NodeName = _nodeName,
            Labels = [.. _labels],
            Owners = [.. _owners],
            Containers = [.. _containers],
        };
    }

    private static ContainerKind KindOf(PodListNode list) => list switch
    {
        PodListNode.Init => ContainerKind.Init,
        PodListNode.Ephemeral => ContainerKind.Ephemeral,
        _ => ContainerKind.Regular,
    };
}
