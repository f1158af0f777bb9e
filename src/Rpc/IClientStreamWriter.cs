namespace Spiffe.Agent.Rpc;

/// <summary>The client's way to send messages of a stream, one write at a time.</summary>
public interface IClientStreamWriter<in T>
{
    /// <summary>Sends one message; completes when the wire took it.</summary>
    /// <exception cref="RpcException">The call has ended; its status says why.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken = default);

    /// <summary>Says that no more messages follow (half-close). Repeating it does nothing.</summary>
    Task CompleteAsync();
}
