using System.Text;

namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>Asks containerd about one container. https://github.com/containerd/containerd/tree/v1.6.20/api/services</summary>
internal sealed class ContainerdClient(ContainerdOptions options) : IDisposable
{
    private readonly GrpcChannel _channel = new(options.Socket, options.MaxAnswerSize);

    /// <summary>What it has on file about the container; null when it knows none of this id.</summary>
    internal async Task<ContainerRecord?> GetContainerAsync(string @namespace, string id, CancellationToken cancellationToken)
    {
        if (await GetAsync("/containerd.services.containers.v1.Containers/Get", @namespace, id, cancellationToken) is not { } answer) return null;
        ContainerRecord container = ContainerRecord.Parse(answer);
        return container.Id == id ? container : throw new InvalidDataException("containerd answered for another container than the one asked about");
    }

    /// <summary>The container's first process; null when containerd knows no container of this id, or it is not started.</summary>
    internal async Task<TaskRecord?> GetTaskAsync(string @namespace, string id, CancellationToken cancellationToken) =>
        await GetAsync("/containerd.services.tasks.v1.Tasks/Get", @namespace, id, cancellationToken) is { } answer ? TaskRecord.Parse(answer) : null;

    public void Dispose() => _channel.Dispose();

    private async Task<byte[]?> GetAsync(string method, string @namespace, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await _channel.CallAsync(method, ("containerd-namespace", @namespace), Request(id), cancellationToken);
        }
        catch (GrpcFailure failure) when (failure.Status == GrpcFailure.NotFound)
        {
            return null;
        }
    }

    // Both requests have the container's id as their field 1, a string. It is the name of a cgroup, so no longer than 255 bytes (NAME_MAX).
    private static byte[] Request(string id)
    {
        byte[] text = Encoding.UTF8.GetBytes(id);
        ReadOnlySpan<byte> length = text.Length < 0x80 ? [(byte)text.Length] : [(byte)(text.Length & 0x7f | 0x80), checked((byte)(text.Length >> 7))];
        return [1 << 3 | 2, .. length, .. text];
    }
}
