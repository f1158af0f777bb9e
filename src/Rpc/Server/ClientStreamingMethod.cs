using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Server;

internal sealed class ClientStreamingMethod<TRequest, TResponse>(
    string path, MessageParser<TRequest> parser, MessageEncoder<TResponse> encoder, ClientStreamingServerMethod<TRequest, TResponse> handler)
    : ServerMethod(path)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class
{
    public override bool Streams => false;

    public override async ValueTask<Exception?> InvokeAsync(ServerCallContext call)
    {
        TResponse response = await handler(new RequestStream<TRequest>(call.Requests, parser), call);
        call.Responses.WriteLast(encoder, response);
        return null;
    }
}
