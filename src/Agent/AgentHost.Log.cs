using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent;

// Event ids 100–199.
internal sealed partial class AgentHost
{
    [LoggerMessage(100, LogLevel.Information, "serving {TrustDomain} with {Entries} entries on {Path}")]
    private partial void LogServing(TrustDomain trustDomain, int entries, string path);

    [LoggerMessage(101, LogLevel.Warning, "protection missing: {Name}: {Detail}")]
    private partial void LogProtection(string name, string detail);

    [LoggerMessage(102, LogLevel.Information, "stopping: no new calls, open streams end")]
    private partial void LogStopping();

    [LoggerMessage(104, LogLevel.Information, "read again: {Templates} templates, {Policies} policies ({Digest}); live tasks were decided anew")]
    private partial void LogReloaded(int templates, int policies, string digest);

    [LoggerMessage(105, LogLevel.Error, "not read again, nothing changed: {Faults} faults, the first: {First}")]
    private partial void LogNotReloaded(int faults, string first);

    [LoggerMessage(103, LogLevel.Information, "stopped")]
    private partial void LogStopped();
}
