using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Writes what happens to tasks into the daemon's log, a line each.</summary>
public sealed partial class TaskLog(ILogger<TaskLog> log) : ITaskJournal
{
    public bool Write(TaskEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        switch (entry.Kind)
        {
            case TaskEntryKind.Issued:
                LogIssued(entry.SpiffeId, entry.Generation, entry.CredentialKind, entry.CredentialId, entry.ExpiresAt, entry.Correlation?.ToString() ?? "");
                break;
            case TaskEntryKind.Used or TaskEntryKind.Misused:
                LogShown(entry.Kind, entry.SpiffeId, entry.CredentialKind, entry.CredentialId, entry.Audience, entry.Trigger, entry.Detail, entry.Correlation?.ToString() ?? "");
                break;
            case TaskEntryKind.Permitted or TaskEntryKind.Withheld:
                LogAction(entry.Kind, entry.SpiffeId, entry.Action, entry.Resource, entry.Tool, entry.Audience, entry.CredentialId, entry.DecisionId, entry.Detail, entry.Correlation?.ToString() ?? "");
                break;
            case TaskEntryKind.Refused:
                LogRefused(entry.Template, entry.Process, entry.Detail, entry.DecisionId);
                break;
            default:
                LogTask(entry.Kind, entry.SpiffeId, entry.Generation, entry.State, entry.Owner, entry.Process, entry.Subject, entry.Trigger, entry.Detail, entry.DecisionId, entry.Correlation?.ToString() ?? "");
                break;
        }

        return true;
    }
}
