namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>A container of a pod, as its status has it now; empty where the status has nothing yet.</summary>
/// <param name="Kind">Which list it is in.</param>
/// <param name="Name">Its name in the pod.</param>
/// <param name="Image">The image as the runtime names it.</param>
/// <param name="ImageId">The image with its digest, as the runtime resolved it.</param>
/// <param name="Runtime">What stands before <c>://</c> in its id: <c>containerd</c>, <c>cri-o</c>, <c>docker</c>.</param>
/// <param name="Id">The runtime's id of the instance that runs now; an earlier one's (lastState) is never kept.</param>
internal sealed record PodContainer(ContainerKind Kind, string Name, string Image, string ImageId, string Runtime, string Id)
{
    /// <summary>A container whose status says so; an id that is not <c>runtime://id</c> counts as none.</summary>
    internal static PodContainer Of(ContainerKind kind, string name, string image, string imageId, string containerId)
    {
        int mark = containerId.IndexOf("://", StringComparison.Ordinal);
        return mark < 0
            ? new PodContainer(kind, name, image, imageId, "", "")
            : new PodContainer(kind, name, image, imageId, containerId[..mark], containerId[(mark + 3)..]);
    }
}
