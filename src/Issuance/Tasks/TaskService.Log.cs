using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance.Tasks;

// Event ids 2440–2449.
public sealed partial class TaskService
{
    [LoggerMessage(2440, LogLevel.Error, "task {Task}: could not be looked at again; its lease ends as it stands")]
    private partial void LogFault(string task, Exception failure);
}
