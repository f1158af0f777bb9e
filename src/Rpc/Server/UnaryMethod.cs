using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Server;

internal sealed class UnaryMethod<TRequest, TResponse>(
    string path, MessageParser<TRequest> parser, MessageEncoder<TResponse> encoder, UnaryServerMethod<TRequest, TResponse> handler)
    : ServerMethod(path)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class
{
    public override bool Streams => false;

    public override async ValueTask<Exception?> InvokeAsync(ServerCallContext call)
    {
        TRequest request = await call.Requests.ReadOnlyAsync(parser);
        TResponse response = await handler(request, call);
        call.Responses.WriteLast(encoder, response);
        return null;
    }
}
