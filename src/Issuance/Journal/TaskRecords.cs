using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Entries of tasks, as records. docs/audit.md has the table.</summary>
internal static class TaskRecords
{
    public static AuditRecord Of(TaskEntry entry)
    {
        RecordFields data = new RecordFields()
            .Add(RecordNames.Id, entry.SpiffeId)
            .Add(RecordNames.Task, entry.Task?.ToString())
            .Add(RecordNames.Root, entry.Correlation?.ToString())
            .Add(RecordNames.Parent, entry.Parent?.ToString())
            .Add(RecordNames.Template, entry.Template)
            .Add(RecordNames.Owner, entry.Owner)
            .Add(RecordNames.State, entry.State.NameOf())
            .Add(RecordNames.Generation, entry.Generation)
            .Add(RecordNames.Process, entry.Process)
            .Add(RecordNames.Executable, entry.Executable)
            .Add(RecordNames.Subject, entry.Subject)
            .Add(RecordNames.Trigger, entry.Trigger)
            .Add(RecordNames.Cause, entry.Kind == TaskEntryKind.Issued ? "" : entry.Detail)
            .Add(RecordNames.Decision, entry.DecisionId)
            .Add(RecordNames.PolicyDigest, entry.PolicyDigest)
            .Add(RecordNames.IntentDigest, entry.IntentDigest)
            .Add(RecordNames.Deadline, entry.Deadline)
            .AddCanonical(RecordNames.Grants, entry.Grants)
            .Add(RecordNames.Action, entry.Action)
            .Add(RecordNames.Resource, entry.Resource)
            .Add(RecordNames.Tool, entry.Tool)
            .Add(RecordNames.Audience, entry.Audience)
            .Add(RecordNames.CredentialKind, entry.CredentialKind is { } kind ? HouseRecords.NameOf(kind) : "")
            .Add(RecordNames.Credential, entry.CredentialId)
            .Add(RecordNames.ExpiresAt, entry.ExpiresAt);
        if (!entry.Dead.IsEmpty) data.Add(RecordNames.Credentials, [.. entry.Dead.Select(static dead => $"{HouseRecords.NameOf(dead.Kind)} {dead.Id}")]);
        if (entry.Kind == TaskEntryKind.Offboarded) data.Add("outcome", entry.Outcome).Add("checks", entry.Checks).Add("residue", entry.Residue).Add("digest", entry.Digest);
        if (entry.Decided is { } decided)
        {
            data.Add(RecordNames.Verdict, NameOf(decided.Verdict)).Add(RecordNames.InputDigest, decided.InputDigest).Add(RecordNames.Policies, decided.Reasons);
        }

        return new AuditRecord(TypeOf(entry.Kind), entry.At, data)
        {
            IsOwed = !GivesRights(entry.Kind),

            // What somebody said, or what policies were asked; an entry has one of them.
            Body = entry.Words.Length > 0 ? entry.Words : null,
            Utf8Body = entry.Words.Length > 0 ? default : entry.Decided?.Input ?? default,
        };
    }

    /// <summary>Whether nothing of it may be when it cannot be written down. Everything else happens in any case.</summary>
    private static bool GivesRights(TaskEntryKind kind) => kind is
        TaskEntryKind.Started or TaskEntryKind.Declared or TaskEntryKind.Approved or TaskEntryKind.Issued or TaskEntryKind.Permitted or TaskEntryKind.Used
        or TaskEntryKind.Renewed or TaskEntryKind.IntentChanged or TaskEntryKind.Resumed;

    private static string NameOf(TaskVerdict verdict) => verdict switch
    {
        TaskVerdict.Permit => "permit",
        TaskVerdict.NeedsApproval => "needs_approval",
        _ => "deny",
    };

    private static string TypeOf(TaskEntryKind kind) => kind switch
    {
        TaskEntryKind.Refused => RecordTypes.TaskRefused,
        TaskEntryKind.Started => RecordTypes.TaskStarted,
        TaskEntryKind.Declared => RecordTypes.TaskDeclared,
        TaskEntryKind.Approved => RecordTypes.TaskApproved,
        TaskEntryKind.Denied => RecordTypes.TaskDenied,
        TaskEntryKind.Issued => RecordTypes.TaskIssued,
        TaskEntryKind.Permitted => RecordTypes.TaskPermitted,
        TaskEntryKind.Withheld => RecordTypes.TaskWithheld,
        TaskEntryKind.Used => RecordTypes.TaskUsed,
        TaskEntryKind.Renewed => RecordTypes.TaskRenewed,
        TaskEntryKind.Reevaluated => RecordTypes.TaskReevaluated,
        TaskEntryKind.IntentChanged => RecordTypes.TaskIntentChanged,
        TaskEntryKind.Narrowed => RecordTypes.TaskNarrowed,
        TaskEntryKind.Suspended => RecordTypes.TaskSuspended,
        TaskEntryKind.Resumed => RecordTypes.TaskResumed,
        TaskEntryKind.Revoked => RecordTypes.TaskRevoked,
        TaskEntryKind.Ended => RecordTypes.TaskEnded,
        TaskEntryKind.Contained => RecordTypes.TaskContained,
        TaskEntryKind.Offboarded => RecordTypes.TaskOffboarded,
        TaskEntryKind.Misused => RecordTypes.TaskMisused,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
