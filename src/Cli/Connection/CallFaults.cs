using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>The one place where a call's status becomes an exit code and words for a person.</summary>
internal static class CallFaults
{
    /// <summary>What a failed call means to whoever typed the verb.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="address">Who was called.</param>
    public static Fault Of(Rpc.Status status, EndpointAddress address)
    {
        if (status.StatusCode == StatusCode.Unavailable && SocketProbe.Fault(address) is { } unreachable) return unreachable;
        return new Fault(ExitCode(status.StatusCode), What(status, address), Value(status, address), Remedy(status.StatusCode, address));
    }

    /// <summary>Nobody answered in time.</summary>
    public static Fault TimedOut(TimeSpan timeout, EndpointAddress address) => SocketProbe.Fault(address) ?? new Fault(
        ExitCodes.Unavailable,
        $"{address.Option.Purpose}: no answer within {timeout.TotalSeconds:0.###} s",
        address.Text,
        "is the agent busy or stopped? see its log, or wait longer with --timeout");

    /// <summary>The endpoint answered with something that is not what the standard says.</summary>
    public static Fault Malformed(string what, EndpointAddress address) =>
        new(ExitCodes.Failed, $"{address.Option.Purpose}: answer not understood: {what}", address.Text, "is this a SPIFFE Workload API? its server breaks the standard");

    /// <summary>The exit code of a status.</summary>
    public static int ExitCode(StatusCode code) => code switch
    {
        StatusCode.OK => ExitCodes.Done,
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.OutOfRange or StatusCode.AlreadyExists or StatusCode.FailedPrecondition => ExitCodes.BadInput,
        StatusCode.Aborted => ExitCodes.CannotCreate,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.ResourceExhausted => ExitCodes.Unavailable,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ExitCodes.PermissionDenied,
        _ => ExitCodes.Failed,
    };

    private static string What(Rpc.Status status, EndpointAddress address) => status.StatusCode switch
    {
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => $"{address.Option.Purpose}: permission denied",
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.Aborted => $"{address.Option.Purpose}: refused",
        StatusCode.NotFound => $"{address.Option.Purpose}: not found",
        StatusCode.Unavailable or StatusCode.ResourceExhausted => $"{address.Option.Purpose}: not available now",
        StatusCode.Unimplemented => $"{address.Option.Purpose}: not served there",
        StatusCode.DeadlineExceeded => $"{address.Option.Purpose}: no answer in time",
        _ => $"{address.Option.Purpose}: the call failed ({status.StatusCode})",
    };

    private static string Value(Rpc.Status status, EndpointAddress address) => status.Detail.Length > 0 ? status.Detail : address.Text;

    private static string Remedy(StatusCode code, EndpointAddress address) => code switch
    {
        StatusCode.PermissionDenied when address.Option == EndpointOption.Workload => NoIdentity(),
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => "run it as root or as a member of the socket's group",
        StatusCode.Unavailable or StatusCode.ResourceExhausted => "try again; if it stays, see the agent's log",
        StatusCode.DeadlineExceeded => "is the agent busy? see its log, or wait longer with --timeout",
        StatusCode.Unimplemented => $"is {address.Text} the right socket, and is that agent new enough?",
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.Aborted => "",
        _ => "see the agent's log",
    };

    // This process will be gone when the operator looks; its parent shares user, groups and unit with it, and stays.
    private static string NoIdentity() =>
        $"no entry describes this process: as an operator run 'spiffe-agent explain {ParentProcess.Id}' (its parent, which has the same user and unit)";
}
