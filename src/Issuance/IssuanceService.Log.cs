using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance;

// Event ids 2000–2049.
public sealed partial class IssuanceService
{
    [LoggerMessage(2000, LogLevel.Information, "denied: pid {ProcessId} uid {UserId}: {Refusal} ({Detail}); {Unwritten} more of this user since the last such line")]
    private partial void LogDenied(int processId, uint userId, Refusal refusal, string detail, long unwritten);
}
