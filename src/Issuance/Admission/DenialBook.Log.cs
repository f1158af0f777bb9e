using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance.Admission;

// Event ids 2000–2049.
internal sealed partial class DenialBook
{
    [LoggerMessage(2000, LogLevel.Information, "denied: pid {ProcessId} uid {UserId}: {Refusal} ({Detail}); {Unwritten} more of this user since the last such line")]
    private static partial void LogDenied(ILogger log, int processId, uint userId, Refusal refusal, string detail, long unwritten);
}
