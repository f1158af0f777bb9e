using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent;

// Event ids 1000–1099.
internal sealed partial class AgentHost
{
    [LoggerMessage(1000, LogLevel.Information, "serving {TrustDomain} with {Entries} entries on {Path}")]
    private partial void LogServing(TrustDomain trustDomain, int entries, string path);

    [LoggerMessage(1001, LogLevel.Warning, "protection missing: {Name}: {Detail}")]
    private partial void LogProtection(string name, string detail);

    [LoggerMessage(1002, LogLevel.Information, "stopping: no new calls, open streams end")]
    private partial void LogStopping();

    [LoggerMessage(1003, LogLevel.Information, "stopped")]
    private partial void LogStopped();
}
