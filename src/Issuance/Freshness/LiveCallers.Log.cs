using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance.Freshness;

// Event ids 2300–2349.
public sealed partial class LiveCallers
{
    [LoggerMessage(2301, LogLevel.Information, "reattest: pid {ProcessId} uid {UserId}: gained {Gained}; lost {Lost}")]
    private partial void LogChanged(int processId, uint userId, string gained, string lost);

    [LoggerMessage(2302, LogLevel.Warning, "reattest: pid {ProcessId} uid {UserId}: its streams end: {Refusal} ({Detail})")]
    private partial void LogRefused(int processId, uint userId, Refusal refusal, string detail);

    [LoggerMessage(2303, LogLevel.Error, "reattest: pid {ProcessId} uid {UserId}: evidence could not be taken")]
    private partial void LogFault(int processId, uint userId, Exception failure);

    [LoggerMessage(2304, LogLevel.Information, "live streams: {Detail}")]
    private partial void LogSource(string detail);
}
