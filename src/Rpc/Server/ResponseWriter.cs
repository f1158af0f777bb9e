using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Writes headers, messages and status of one call. Holds no buffer of its own.</summary>
internal sealed class ResponseWriter(ServerCallContext call, IFeatureCollection features)
{
    private const int ErrorCodeInternal = 2;
    private const int ErrorCodeCancel = 8;

    private readonly ExclusiveUse _use = new();
    private bool _headersSet;
    private int _reset = -1;

    /// <summary>Sends the headers now, before the first message.</summary>
    public async Task StartAsync(Metadata? headers)
    {
        _use.Enter();
        try
        {
            if (_headersSet) throw new InvalidOperationException("the response headers have been sent");
            IHeaderDictionary fields = SetHeaders();
            if (headers is not null) Append(fields, headers);
            await FlushAsync(default);
        }
        finally
        {
            _use.Leave();
        }
    }

    /// <summary>Sends one message of a stream and waits until the wire took it.</summary>
    public async Task WriteAsync<T>(MessageEncoder<T> encoder, T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        _use.Enter();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            call.CancellationToken.ThrowIfCancellationRequested();
            Encode(encoder, message);
            await FlushAsync(cancellationToken);
        }
        finally
        {
            _use.Leave();
        }
    }

    /// <summary>Puts the only message of a call beside its status, so that both leave together.</summary>
    public void WriteLast<T>(MessageEncoder<T> encoder, T message)
    {
        _use.Enter();
        try
        {
            Encode(encoder, message ?? throw new InvalidOperationException("the handler answered nothing"));
        }
        finally
        {
            _use.Leave();
        }
    }

    /// <summary>Ends writing for good and says how the call went: in the headers when nothing else was sent (Trailers-Only), else in the trailers.</summary>
    public async ValueTask EndAsync(Status status, Metadata? trailers)
    {
        if (!_use.TryEnd(out Task left))
        {
            features.GetRequiredFeature<IHttpResetFeature>().Reset(ErrorCodeCancel);
            await left;
            return;
        }

        if (_reset >= 0)
        {
            features.GetRequiredFeature<IHttpResetFeature>().Reset(_reset);
            return;
        }

        IHeaderDictionary fields = _headersSet ? features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers : SetHeaders();
        fields.GrpcStatus = StatusText(status.StatusCode);
        if (status.Detail.Length > 0) fields.GrpcMessage = PercentEncoding.Encode(status.Detail);
        if (trailers is not null) Append(fields, trailers);
    }

    private void Encode<T>(MessageEncoder<T> encoder, T message)
    {
        if (!_headersSet) SetHeaders();
        try
        {
            encoder.Write(features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer, message);
        }
        catch
        {
            _reset = ErrorCodeInternal; // Half a message may lie in the pipe: no status can follow it.
            throw;
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        PipeWriter pipe = features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        bool foreign = cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken;
        using CancellationTokenRegistration wake = foreign ? cancellationToken.UnsafeRegister(static p => ((PipeWriter)p!).CancelPendingFlush(), pipe) : default;
        try
        {
            FlushResult flushed = await pipe.FlushAsync(call.CancellationToken);
            if (flushed.IsCanceled && foreign) cancellationToken.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            _reset = ErrorCodeCancel; // The reader does not read: a status behind the message would not arrive either.
            throw;
        }

        call.ThrowIfAborted();
    }

    private IHeaderDictionary SetHeaders()
    {
        IHeaderDictionary headers = features.GetRequiredFeature<IHttpResponseFeature>().Headers;
        headers.ContentType = GrpcHeaders.ContentType;
        _headersSet = true;
        return headers;
    }

    private static void Append(IHeaderDictionary fields, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata)
        {
            if (!HeaderMetadata.IsReserved(entry.Key)) fields.Append(entry.Key, HeaderMetadata.HeaderValue(entry));
        }
    }

    private static string StatusText(StatusCode code) => code switch
    {
        StatusCode.OK => "0",
        StatusCode.Cancelled => "1",
        StatusCode.Unknown => "2",
        StatusCode.InvalidArgument => "3",
        StatusCode.DeadlineExceeded => "4",
        StatusCode.NotFound => "5",
        StatusCode.AlreadyExists => "6",
        StatusCode.PermissionDenied => "7",
        StatusCode.ResourceExhausted => "8",
        StatusCode.FailedPrecondition => "9",
        StatusCode.Aborted => "10",
        StatusCode.OutOfRange => "11",
        StatusCode.Unimplemented => "12",
        StatusCode.Internal => "13",
        StatusCode.Unavailable => "14",
        StatusCode.DataLoss => "15",
        StatusCode.Unauthenticated => "16",
        _ => "2",
    };
}
