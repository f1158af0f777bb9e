using Microsoft.Extensions.Logging;
using Spiffe.Agent.Issuance.Journal;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Writes what happens to tasks into the daemon's log, a line each. As a journal it keeps nothing: it is for where there is no other.</summary>
public sealed partial class TaskLog(ILogger<TaskLog> log) : IJournal
{
    public bool IsWritable => true;

    public bool Write(JournalEntry entry)
    {
        if (entry is TaskEntry task) Write(task);
        return true;
    }

    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    private void Write(TaskEntry entry)
    {
        switch (entry.Kind)
        {
            case TaskEntryKind.Issued:
                LogIssued(entry.SpiffeId, entry.Generation, entry.CredentialKind?.ToString() ?? "", entry.CredentialId, entry.ExpiresAt, entry.Correlation?.ToString() ?? "");
                break;
            case TaskEntryKind.Used or TaskEntryKind.Misused:
                LogShown(entry.Kind, entry.SpiffeId, entry.CredentialKind?.ToString() ?? "", entry.CredentialId, entry.Audience, entry.Trigger, entry.Detail, entry.Correlation?.ToString() ?? "");
                break;
            case TaskEntryKind.Permitted or TaskEntryKind.Withheld:
                LogAction(entry.Kind, entry.SpiffeId, entry.Action, entry.Resource, entry.Tool, entry.Audience, entry.CredentialId, entry.DecisionId, entry.Detail, entry.Correlation?.ToString() ?? "");
                break;
            case TaskEntryKind.Refused:
                LogRefused(entry.Template, entry.Process, entry.Detail, entry.DecisionId);
                break;
            case TaskEntryKind.Declared:
                break; // Words: not for lines.
            case TaskEntryKind.Revoked:
                LogRevoked(entry.SpiffeId, entry.Generation, entry.Dead.Length, entry.Detail, entry.Correlation?.ToString() ?? "");
                break;
            default:
                LogTask(entry.Kind, entry.SpiffeId, entry.Generation, entry.State, entry.Owner, entry.Process, entry.Subject, entry.Trigger, entry.Detail, entry.DecisionId, entry.Correlation?.ToString() ?? "");
                break;
        }
    }
}
