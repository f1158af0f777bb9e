using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Reads the messages of one call off Kestrel's pipe. Holds no buffer of its own; a message is parsed where it arrived.</summary>
internal sealed class RequestReader(ServerCallContext call, PipeReader pipe)
{
    private readonly ExclusiveUse _use = new();
    private int _reserved;

    /// <summary>Reads the one message of a unary or server-streaming call, and its end.</summary>
    /// <exception cref="RpcException">None or more than one (Unimplemented, as gRPC asks), too long, or malformed.</exception>
    public async ValueTask<T> ReadOnlyAsync<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        _use.Enter();
        try
        {
            T? message = null;
            while (true)
            {
                ReadResult read = await pipe.ReadAsync(call.ReadToken);
                ReadOnlySequence<byte> buffer = read.Buffer;
                while (TryParse(ref buffer, parser, out T? next)) message = message is null ? next : throw Cardinality("more than one request");
                bool ended = read.IsCompleted && buffer.IsEmpty;
                if (!ended && read.IsCompleted) ThrowIfCut(buffer);
                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (ended) return message ?? throw Cardinality("no request");
            }
        }
        finally
        {
            _use.Leave();
        }
    }

    /// <summary>Reads the next message of a client's stream; null at its end.</summary>
    public async ValueTask<T?> ReadNextAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        _use.Enter();
        try
        {
            bool foreign = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken;
            using CancellationTokenRegistration wake = foreign ? cancellationToken.UnsafeRegister(static p => ((PipeReader)p!).CancelPendingRead(), pipe) : default;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadResult read = await pipe.ReadAsync(call.CancellationToken);
                ReadOnlySequence<byte> buffer = read.Buffer;
                if (TryParse(ref buffer, parser, out T? message))
                {
                    pipe.AdvanceTo(buffer.Start);
                    return message;
                }

                if (read.IsCompleted) ThrowIfCut(buffer);
                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted) return null;
                if (call.HasEnded) throw new OperationCanceledException("the call has ended");
            }
        }
        finally
        {
            _use.Leave();
        }
    }

    /// <summary>Ends reading for good, a pending read included.</summary>
    public async ValueTask EndAsync()
    {
        if (!_use.TryEnd(out Task left))
        {
            pipe.CancelPendingRead();
            await left;
        }

        Release();
    }

    private bool TryParse<T>(ref ReadOnlySequence<byte> buffer, MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        if (!FrameReader.TryRead(ref buffer, call.Limits.MaxReceiveMessageBytes, out ReadOnlySequence<byte> body, out bool compressed, out long needed, out FrameFault fault))
        {
            if (fault != FrameFault.None) throw Refusal(fault);
            if (needed > 0) Reserve((int)needed);
            return false;
        }

        if (compressed) body = Unpack(body);
        try
        {
            message = parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the request is not a valid protobuf message"));
        }

        Release();
        return true;
    }

    private ReadOnlySequence<byte> Unpack(in ReadOnlySequence<byte> packed)
    {
        // "If the flag is set, grpc-encoding must be there": Compressed-Flag.
        if (!call.RequestsMayBeCompressed) throw new RpcException(new Status(StatusCode.Internal, "a compressed message without grpc-encoding"));
        try
        {
            return new ReadOnlySequence<byte>(Gzip.Unpack(packed, call.Limits.MaxReceiveMessageBytes) ?? throw Refusal(FrameFault.TooLong));
        }
        catch (InvalidDataException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "the request is not valid gzip"));
        }
    }

    private void Reserve(int bytes)
    {
        if (_reserved > 0) return;
        if (!call.Connection.Budget.TryTake(bytes)) throw new RpcException(new Status(StatusCode.ResourceExhausted, "too many bytes of unfinished requests"));
        _reserved = bytes;
    }

    private void Release()
    {
        if (_reserved == 0) return;
        call.Connection.Budget.Return(_reserved);
        _reserved = 0;
    }

    private RpcException Refusal(FrameFault fault) => new(fault == FrameFault.TooLong
        ? new Status(StatusCode.ResourceExhausted, $"a request is at most {call.Limits.MaxReceiveMessageBytes} bytes long")
        : new Status(StatusCode.Internal, "a malformed message prefix"));

    private static void ThrowIfCut(in ReadOnlySequence<byte> rest)
    {
        if (!rest.IsEmpty) throw new RpcException(new Status(StatusCode.Internal, "the request ends in the middle of a message"));
    }

    private static RpcException Cardinality(string what) => new(new Status(StatusCode.Unimplemented, $"{what} where the method takes exactly one"));
}
