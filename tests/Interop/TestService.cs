using Google.Protobuf;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Tests.Interop.Testing;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>grpc.testing.TestService as the public interop test description wants it.</summary>
internal static class TestService
{
    private const string InitialKey = "x-grpc-test-echo-initial";
    private const string TrailingKey = "x-grpc-test-echo-trailing-bin";

    public static RpcService Create() => RpcService.Create("grpc.testing.TestService", TestReflection.Descriptor)
        .Unary<Empty, Empty>("EmptyCall", Empty.Parser, (_, _) => Task.FromResult(new Empty()))
        .Unary<SimpleRequest, SimpleResponse>("UnaryCall", SimpleRequest.Parser, UnaryAsync)
        .ServerStreaming<StreamingOutputCallRequest, StreamingOutputCallResponse>("StreamingOutputCall", StreamingOutputCallRequest.Parser, AnswerAsync)
        .ClientStreaming<StreamingInputCallRequest, StreamingInputCallResponse>("StreamingInputCall", StreamingInputCallRequest.Parser, SumAsync)
        .DuplexStreaming<StreamingOutputCallRequest, StreamingOutputCallResponse>("FullDuplexCall", StreamingOutputCallRequest.Parser, DuplexAsync);

    private static async Task<SimpleResponse> UnaryAsync(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        ThrowIfAsked(request.ResponseStatus);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    private static async Task AnswerAsync(StreamingOutputCallRequest request, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        foreach (ResponseParameters wanted in request.ResponseParameters)
        {
            if (wanted.IntervalUs > 0) await Task.Delay(TimeSpan.FromMicroseconds(wanted.IntervalUs), context.CancellationToken);
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(wanted.Size) });
        }
    }

    private static async Task<StreamingInputCallResponse> SumAsync(IAsyncStreamReader<StreamingInputCallRequest> requests, ServerCallContext context)
    {
        int sum = 0;
        await foreach (StreamingInputCallRequest request in requests.ReadAllAsync(context.CancellationToken)) sum += request.Payload.Body.Length;
        return new StreamingInputCallResponse { AggregatedPayloadSize = sum };
    }

    private static async Task DuplexAsync(IAsyncStreamReader<StreamingOutputCallRequest> requests, IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await foreach (StreamingOutputCallRequest request in requests.ReadAllAsync(context.CancellationToken))
        {
            ThrowIfAsked(request.ResponseStatus);
            await AnswerAsync(request, responses, context);
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValue(InitialKey) is { } initial) await context.WriteResponseHeadersAsync(new Metadata { { InitialKey, initial } });
        if (context.RequestHeaders.GetValueBytes(TrailingKey) is { } trailing) context.ResponseTrailers.Add(TrailingKey, trailing);
    }

    private static void ThrowIfAsked(EchoStatus? status)
    {
        if (status is { Code: not 0 }) throw new RpcException(new Status((StatusCode)status.Code, status.Message));
    }

    private static Payload Zeros(int size) => new() { Type = PayloadType.Compressable, Body = ByteString.CopyFrom(new byte[size]) };
}
