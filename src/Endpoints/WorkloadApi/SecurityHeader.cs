using Microsoft.Extensions.Primitives;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>The header that a browser or a confused proxy cannot send by accident. Workload Endpoint §4.</summary>
public static class SecurityHeader
{
    private const string Name = "workload.spiffe.io";

    private static readonly Status Missing = new(StatusCode.InvalidArgument, "security header missing from request: send workload.spiffe.io: true");

    /// <summary>Exactly one value, exactly <c>true</c>; otherwise InvalidArgument (§6). Holds for every method on the socket, reflection and health included.</summary>
    public static Status? Check(ServerCallContext context)
    {
        StringValues values = context.GetHeader(Name);
        return values.Count == 1 && string.Equals(values[0], "true", StringComparison.Ordinal) ? null : Missing;
    }
}
