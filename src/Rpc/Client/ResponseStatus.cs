using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>Finds out how a call ended: from its trailers, from its headers, from HTTP, from the error that broke it.</summary>
internal static class ResponseStatus
{
    /// <summary>The status in trailers, or in the headers of a Trailers-Only response; null where there is none.</summary>
    public static Status? Read(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(GrpcHeaders.Status, out HeaderStringValues codes)) return null;
        bool known = int.TryParse(codes.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= (int)StatusCode.Unauthenticated;
        string message = headers.NonValidated.TryGetValues(GrpcHeaders.Message, out HeaderStringValues texts) ? PercentEncoding.Decode(texts.ToString()) : "";
        return new Status(known ? (StatusCode)code : StatusCode.Unknown, message);
    }

    /// <summary>Metadata of response headers or trailers; what breaks the rules is passed over.</summary>
    public static Metadata Metadata(HttpHeaders headers)
    {
        Metadata metadata = new();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            foreach (string value in values) HeaderMetadata.TryAdd(metadata, name, value);
        }

        return metadata;
    }

    /// <summary>"HTTP to gRPC Status Code Mapping", for answers that do not come from a gRPC server.</summary>
    public static Status FromHttp(HttpStatusCode code) => new(
        code switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        $"the answer is no gRPC: HTTP status {(int)code}");

    /// <summary>What a broken call means: gRPC's mapping of HTTP/2 errors, and Unavailable for connections that fail.</summary>
    public static Status FromError(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException { ErrorCode: var code }) return FromErrorCode(code);
            if (e is SocketException socket) return new Status(StatusCode.Unavailable, $"no connection: {socket.Message}");
        }

        return error is IOException or HttpRequestException
            ? new Status(StatusCode.Unavailable, "the connection broke")
            : new Status(StatusCode.Internal, "the call broke");
    }

    // gRPC over HTTP/2, Errors.
    private static Status FromErrorCode(long code) => new(
        code switch
        {
            0x7 => StatusCode.Unavailable, // REFUSED_STREAM
            0x8 => StatusCode.Cancelled, // CANCEL
            0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
            0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
            _ => StatusCode.Internal,
        },
        string.Create(CultureInfo.InvariantCulture, $"the server broke off the call: HTTP/2 error {code}"));
}
