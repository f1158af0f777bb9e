using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Server;

internal sealed class ServerStreamingMethod<TRequest, TResponse>(
    string path, MessageParser<TRequest> parser, MessageEncoder<TResponse> encoder, ServerStreamingServerMethod<TRequest, TResponse> handler)
    : ServerMethod(path)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class
{
    public override bool Streams => true;

    public override async ValueTask<Exception?> InvokeAsync(ServerCallContext call)
    {
        TRequest request = await call.Requests.ReadOnlyAsync(parser);
        return await OutcomeAsync(handler(request, new ResponseStream<TResponse>(call.Responses, encoder), call));
    }
}
