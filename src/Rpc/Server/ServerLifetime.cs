using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>What every call of a server shares: its clock, its log, and whether it is stopping.</summary>
internal sealed partial class ServerLifetime(TimeProvider time, ILogger logger, CancellationToken stopping)
{
    /// <summary>What calls hear once the server stops. Clients may try again, elsewhere or later.</summary>
    public static readonly Status StoppingStatus = new(StatusCode.Unavailable, "the server is stopping");

    public TimeProvider Time => time;

    public CancellationToken Stopping => stopping;

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "The handler of {Method} failed; its caller heard Unknown")]
    public partial void HandlerFailed(string method, Exception exception);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "Connection {Connection} refused: {Limit} connections are open")]
    public partial void ConnectionRefused(string connection, int limit);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "Connection {Connection} of user {User} refused: that user has {Limit} connections open")]
    public partial void UserRefused(string connection, uint user, int limit);
}
