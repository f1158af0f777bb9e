using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>The handler's view of a stream of requests.</summary>
internal sealed class RequestStream<T>(RequestReader requests, MessageParser<T> parser) : IAsyncStreamReader<T>
    where T : class, IMessage<T>
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("no message has been read");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        _current = await requests.ReadNextAsync(parser, cancellationToken);
        return _current is not null;
    }
}
