using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance.Offboarding;

internal sealed partial class OffboardingDesk
{
    [LoggerMessage(2479, LogLevel.Error, "looking behind task {Task} failed")]
    private partial void LogFailed(Exception e, string task);
}
