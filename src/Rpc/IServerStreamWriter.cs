namespace Spiffe.Agent.Rpc;

/// <summary>The server's way to send messages of a stream, one write at a time.</summary>
/// <typeparam name="T">A protobuf message, or <see cref="EncodedMessage"/> for bytes that many streams share.</typeparam>
public interface IServerStreamWriter<in T>
{
    /// <summary>Sends one message. Completes when the wire took it: a reader that does not read holds its writer back, so at most one message waits.</summary>
    /// <exception cref="OperationCanceledException">The call was cancelled, its deadline passed, or the server stops.</exception>
    /// <exception cref="InvalidOperationException">Another write is under way, or the call has ended.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken = default);
}
