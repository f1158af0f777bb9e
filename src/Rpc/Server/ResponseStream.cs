namespace Spiffe.Agent.Rpc.Server;

/// <summary>The handler's view of a stream of responses.</summary>
internal sealed class ResponseStream<T>(ResponseWriter responses, MessageEncoder<T> encoder) : IServerStreamWriter<T>
{
    public Task WriteAsync(T message, CancellationToken cancellationToken = default) => responses.WriteAsync(encoder, message, cancellationToken);
}
