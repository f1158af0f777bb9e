using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Spiffe.Agent.Rpc.Server;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc;

// The life of a call: is it gRPC at all, is it served here, may it pass, what does its handler say.
public sealed partial class ServerCallContext
{
    private const string AnyFailure = "the handler failed";

    /// <summary>Answers the call, whatever happens. Never throws.</summary>
    internal Task RunAsync()
    {
        if (!IsGrpcRequest(out int refusal))
        {
            _features.GetRequiredFeature<IHttpResponseFeature>().StatusCode = refusal;
            return EndAsync();
        }

        ServerMethod? method = Connection.Services.Find(Method);
        if (method is null) return FinishAsync(new Status(StatusCode.Unimplemented, "no such service or method here"), null);
        _streams = method.Streams;
        try
        {
            if (Refusal() is { } status) return FinishAsync(status, _trailers);
        }
        catch (Exception e)
        {
            return FailAsync(e);
        }

        return InvokeAsync(method);
    }

    // gRPC over HTTP/2, Request-Headers: POST, application/grpc, te: trailers. "If Content-Type does not begin with application/grpc, answer 415."
    private bool IsGrpcRequest(out int refusal)
    {
        IHeaderDictionary headers = _request.Headers;
        refusal = !HttpMethods.IsPost(_request.Method) ? StatusCodes.Status405MethodNotAllowed
            : !GrpcHeaders.IsGrpc(headers.ContentType.ToString()) ? StatusCodes.Status415UnsupportedMediaType
            : !headers.TE.ToString().Equals("trailers", StringComparison.OrdinalIgnoreCase) ? StatusCodes.Status400BadRequest
            : 0;
        return refusal == 0;
    }

    // What is known before the body: the server's life, the coding, the deadline, the gate.
    private Status? Refusal()
    {
        if (_lifetime.Stopping.IsCancellationRequested) return ServerLifetime.StoppingStatus;
        IHeaderDictionary headers = _request.Headers;
        string coding = headers.GrpcEncoding.ToString();
        RequestsMayBeCompressed = coding.Equals(GrpcHeaders.Gzip, StringComparison.Ordinal);
        if (!RequestsMayBeCompressed && coding.Length > 0 && !coding.Equals(GrpcHeaders.Identity, StringComparison.Ordinal))
        {
            _features.GetRequiredFeature<IHttpResponseFeature>().Headers.GrpcAcceptEncoding = GrpcHeaders.Accepted;
            return new Status(StatusCode.Unimplemented, $"messages may be coded with {GrpcHeaders.Accepted}");
        }

        if (!TryStartClock(headers.GrpcTimeout.ToString())) return new Status(StatusCode.Internal, "malformed grpc-timeout");
        return Connection.Services.Gate?.Invoke(this);
    }

    private bool TryStartClock(string timeout)
    {
        if (timeout.Length == 0)
        {
            if (_streams) Watch(Timeout.InfiniteTimeSpan);
            return true;
        }

        if (!GrpcTimeout.TryParse(timeout, out TimeSpan left)) return false;
        Deadline = _lifetime.Time.GetUtcNow().UtcDateTime + left;
        Watch(left);
        return true;
    }

    private async Task InvokeAsync(ServerMethod method)
    {
        Exception? failure;
        try
        {
            failure = await method.InvokeAsync(this);
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (failure is not null)
        {
            await FailAsync(failure);
            return;
        }

        bool late = IsCancelled && (_streams || CancellationStatus().StatusCode == StatusCode.DeadlineExceeded);
        await FinishAsync(late ? CancellationStatus() : Status, _trailers);
    }

    private Task FailAsync(Exception e)
    {
        if (e is RpcException { StatusCode: not StatusCode.OK } told) return FinishAsync(told.Status, Joined(told.Trailers));
        if (IsAborted) return FinishAsync(Status.DefaultCancelled, null);
        if (e is OperationCanceledException) return FinishAsync(IsCancelled ? CancellationStatus() : Status.DefaultCancelled, _trailers);
        _lifetime.HandlerFailed(Method, e);
        return FinishAsync(new Status(StatusCode.Unknown, AnyFailure), _trailers);
    }

    private Metadata Joined(Metadata thrown)
    {
        if (_trailers is null) return thrown;
        foreach (Metadata.Entry entry in thrown) _trailers.Add(entry);
        return _trailers;
    }

    private async Task FinishAsync(Status status, Metadata? trailers)
    {
        await Responses.EndAsync(status, trailers);
        await EndAsync();
    }

    private async Task EndAsync()
    {
        _ended = true;
        await Requests.EndAsync();
        Unwatch();
    }
}
