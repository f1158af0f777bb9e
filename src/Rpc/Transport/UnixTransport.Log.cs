using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Events 2100 to 2199: the Unix-socket transport.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Information, "Listening on {EndPoint}: at most {MaxConnections} connections, {MaxPerUser} of one user")]
    internal static partial void Listening(ILogger log, string endPoint, int maxConnections, int maxPerUser);

    [LoggerMessage(2101, LogLevel.Warning, "Room for {Possible} connections only, not {Wanted}: raise RLIMIT_NOFILE (LimitNOFILE= in the unit)")]
    internal static partial void FewDescriptors(ILogger log, int possible, int wanted);

    [LoggerMessage(2102, LogLevel.Warning, "Connection refused: {Reason} (peer pid {Pid}, uid {Uid})")]
    internal static partial void Refused(ILogger log, PeerRejection reason, int pid, uint uid);

    [LoggerMessage(2103, LogLevel.Warning, "Connection {ConnectionId} ended: {Reason} (peer pid {Pid}, uid {Uid}, writer pid {Writer})")]
    internal static partial void Rejected(ILogger log, string connectionId, PeerRejection reason, int pid, uint uid, int writer);

    [LoggerMessage(2104, LogLevel.Debug, "Connection {ConnectionId} ended: its process {Pid} has exited")]
    internal static partial void PeerExited(ILogger log, string connectionId, int pid);

    [LoggerMessage(2105, LogLevel.Error, "Accepting failed: {Error}; trying again in {Pause} ms")]
    internal static partial void AcceptFailed(ILogger log, string error, double pause);

    [LoggerMessage(2106, LogLevel.Critical, "A handler of the event loop failed, which is a bug; the other connections are served on")]
    internal static partial void HandlerFailed(ILogger log, Exception fault);
}
