using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>The client's end of a stream of responses: messages, then the status.</summary>
internal sealed class ClientResponseStream<T>(
    Task<HttpResponseMessage> response, MessageParser<T> parser, int maxLength, Func<Exception, Task<RpcException>> explain, CancellationToken ended) : IAsyncStreamReader<T>
    where T : class, IMessage<T>
{
    private PipeReader? _pipe;
    private T? _current;
    private bool _finished;

    public T Current => _current ?? throw new InvalidOperationException("no message has been read");

    public Metadata Trailers { get; private set; } = [];

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        if (_finished) return false;
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended) : null;
        try
        {
            _current = await ReadAsync(both?.Token ?? ended);
            return _current is not null;
        }
        catch (Exception e) when (e is not RpcException)
        {
            if (cancellationToken.IsCancellationRequested && !ended.IsCancellationRequested) throw;
            throw await explain(e);
        }
    }

    private async Task<T?> ReadAsync(CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await response.WaitAsync(cancellationToken);
        _pipe ??= await OpenAsync(answer, cancellationToken);
        while (true)
        {
            ReadResult read = await _pipe.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (FrameReader.TryRead(ref buffer, maxLength, out ReadOnlySequence<byte> body, out bool compressed, out _, out FrameFault fault))
            {
                T message = Parse(body, compressed);
                _pipe.AdvanceTo(buffer.Start);
                return message;
            }

            if (fault != FrameFault.None) throw Refusal(fault);
            _pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) return Finish(answer, cut: !buffer.IsEmpty);
        }
    }

    // A response whose headers say that it is none, or that it is over, throws here.
    private static async Task<PipeReader> OpenAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (ResponseStatus.Read(answer.Headers) is { StatusCode: not StatusCode.OK } status) throw new RpcException(status, ResponseStatus.Metadata(answer.Headers));
        if (answer.StatusCode != System.Net.HttpStatusCode.OK || !GrpcHeaders.IsGrpc(answer.Content.Headers.ContentType?.MediaType)) throw new RpcException(ResponseStatus.FromHttp(answer.StatusCode));
        return PipeReader.Create(await answer.Content.ReadAsStreamAsync(cancellationToken));
    }

    private T Parse(in ReadOnlySequence<byte> body, bool compressed)
    {
        // This client accepts no coding, so nobody may use one.
        if (compressed) throw new RpcException(new Status(StatusCode.Internal, "a compressed response that was not asked for"));
        try
        {
            return parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the response is not a valid protobuf message"));
        }
    }

    private T? Finish(HttpResponseMessage answer, bool cut)
    {
        _finished = true;
        bool inHeaders = ResponseStatus.Read(answer.TrailingHeaders) is null;
        Trailers = ResponseStatus.Metadata(inHeaders ? answer.Headers : answer.TrailingHeaders);
        Status status = ResponseStatus.Read(inHeaders ? answer.Headers : answer.TrailingHeaders) ?? new Status(StatusCode.Unknown, "the response has no status");
        if (status.StatusCode != StatusCode.OK) throw new RpcException(status, Trailers);
        if (cut) throw new RpcException(new Status(StatusCode.Internal, "the response ends in the middle of a message"));
        return null;
    }

    private RpcException Refusal(FrameFault fault) => new(fault == FrameFault.TooLong
        ? new Status(StatusCode.ResourceExhausted, $"a response is at most {maxLength} bytes long")
        : new Status(StatusCode.Internal, "a malformed message prefix"));
}
