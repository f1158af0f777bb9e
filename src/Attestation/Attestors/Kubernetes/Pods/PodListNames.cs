using System.Text.Json;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>The names that are looked for in each object of a PodList.</summary>
internal static class PodListNames
{
    /// <summary>What the name at <paramref name="reader"/> leads to from an object; <see cref="PodListNode.None"/> for what nobody needs.</summary>
    internal static PodListNode Of(PodListNode parent, ref Utf8JsonReader reader) => parent switch
    {
        PodListNode.Root => InRoot(ref reader),
        PodListNode.Pod => InPod(ref reader),
        PodListNode.Metadata => InMetadata(ref reader),
        PodListNode.Labels => PodListNode.Label,
        PodListNode.Annotations => reader.ValueTextEquals("kubernetes.io/config.mirror"u8) ? PodListNode.Mirror : PodListNode.None,
        PodListNode.Owner => InOwner(ref reader),
        PodListNode.Spec => InSpec(ref reader),
        PodListNode.Status => InStatus(ref reader),
        PodListNode.Container => InContainer(ref reader),
        _ => PodListNode.None,
    };

    private static PodListNode InRoot(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("kind"u8)) return PodListNode.Kind;
        return reader.ValueTextEquals("items"u8) ? PodListNode.Items : PodListNode.None;
    }

    private static PodListNode InPod(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("metadata"u8)) return PodListNode.Metadata;
        if (reader.ValueTextEquals("spec"u8)) return PodListNode.Spec;
        return reader.ValueTextEquals("status"u8) ? PodListNode.Status : PodListNode.None;
    }

    private static PodListNode InMetadata(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("name"u8)) return PodListNode.Name;
        if (reader.ValueTextEquals("namespace"u8)) return PodListNode.Namespace;
        if (reader.ValueTextEquals("uid"u8)) return PodListNode.Uid;
        if (reader.ValueTextEquals("labels"u8)) return PodListNode.Labels;
        if (reader.ValueTextEquals("annotations"u8)) return PodListNode.Annotations;
        return reader.ValueTextEquals("ownerReferences"u8) ? PodListNode.Owners : PodListNode.None;
    }

    private static PodListNode InOwner(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("kind"u8)) return PodListNode.OwnerKind;
        if (reader.ValueTextEquals("name"u8)) return PodListNode.OwnerName;
        return reader.ValueTextEquals("uid"u8) ? PodListNode.OwnerUid : PodListNode.None;
    }

    private static PodListNode InSpec(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("serviceAccountName"u8)) return PodListNode.ServiceAccount;
        return reader.ValueTextEquals("nodeName"u8) ? PodListNode.NodeName : PodListNode.None;
    }

    private static PodListNode InStatus(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("containerStatuses"u8)) return PodListNode.Regular;
        if (reader.ValueTextEquals("initContainerStatuses"u8)) return PodListNode.Init;
        return reader.ValueTextEquals("ephemeralContainerStatuses"u8) ? PodListNode.Ephemeral : PodListNode.None;
    }

    private static PodListNode InContainer(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("name"u8)) return PodListNode.ContainerName;
        if (reader.ValueTextEquals("image"u8)) return PodListNode.Image;
        if (reader.ValueTextEquals("imageID"u8)) return PodListNode.ImageId;
        return reader.ValueTextEquals("containerID"u8) ? PodListNode.ContainerId : PodListNode.None;
    }
}
