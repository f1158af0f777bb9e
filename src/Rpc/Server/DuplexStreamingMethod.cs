using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Server;

internal sealed class DuplexStreamingMethod<TRequest, TResponse>(
    string path, MessageParser<TRequest> parser, MessageEncoder<TResponse> encoder, DuplexStreamingServerMethod<TRequest, TResponse> handler)
    : ServerMethod(path)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class
{
    public override bool Streams => true;

    public override ValueTask<Exception?> InvokeAsync(ServerCallContext call) =>
        OutcomeAsync(handler(new RequestStream<TRequest>(call.Requests, parser), new ResponseStream<TResponse>(call.Responses, encoder), call));
}
