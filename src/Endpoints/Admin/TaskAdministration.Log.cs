using Microsoft.Extensions.Logging;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Endpoints.Admin;

// Event ids 2354–2359. What was done is in the journal of tasks.
public sealed partial class TaskAdministration
{
    [LoggerMessage(2354, LogLevel.Warning, "task {Verb} refused: {Refusal}, asked for by uid {UserId} pid {ProcessId}")]
    private partial void LogRefused(string verb, TaskRefusal refusal, uint userId, int processId);
}
