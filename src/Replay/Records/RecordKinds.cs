using System.Text;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Replay.Records;

/// <summary>The kinds by the names that the log has for them.</summary>
internal static class RecordKinds
{
    private static readonly NameTable<RecordKind> Table = new(
    [
        (RecordTypes.DaemonStarted, RecordKind.DaemonStarted), (RecordTypes.DaemonStopped, RecordKind.DaemonStopped), (RecordTypes.PolicySource, RecordKind.PolicySource),
        (RecordTypes.PoliciesLoaded, RecordKind.PoliciesLoaded), (RecordTypes.TemplateLoaded, RecordKind.TemplateLoaded), (RecordTypes.ConfigurationLoaded, RecordKind.ConfigurationLoaded),
        (RecordTypes.SvidIssued, RecordKind.SvidIssued), (RecordTypes.ClockAnomaly, RecordKind.ClockAnomaly), (RecordTypes.LogGap, RecordKind.LogGap),
        (RecordTypes.TaskRefused, RecordKind.Refused), (RecordTypes.TaskStarted, RecordKind.Started), (RecordTypes.TaskDeclared, RecordKind.Declared), (RecordTypes.TaskApproved, RecordKind.Approved),
        (RecordTypes.TaskDenied, RecordKind.Denied), (RecordTypes.TaskIssued, RecordKind.Issued), (RecordTypes.TaskPermitted, RecordKind.Permitted), (RecordTypes.TaskWithheld, RecordKind.Withheld),
        (RecordTypes.TaskUsed, RecordKind.Used), (RecordTypes.TaskMisused, RecordKind.Misused), (RecordTypes.TaskRenewed, RecordKind.Renewed), (RecordTypes.TaskReevaluated, RecordKind.Reevaluated),
        (RecordTypes.TaskIntentChanged, RecordKind.IntentChanged), (RecordTypes.TaskNarrowed, RecordKind.Narrowed), (RecordTypes.TaskSuspended, RecordKind.Suspended),
        (RecordTypes.TaskResumed, RecordKind.Resumed), (RecordTypes.TaskRevoked, RecordKind.Revoked), (RecordTypes.TaskEnded, RecordKind.Ended), (RecordTypes.TaskContained, RecordKind.Contained),
        (RecordTypes.TaskOffboarded, RecordKind.Offboarded),
    ]);

    public static RecordKind Of(ReadOnlySpan<byte> type) => Table.Find(type);

    public static bool IsOfTask(RecordKind kind) => kind >= RecordKind.Refused;

    public static string NameOf(RecordKind kind) => Encoding.UTF8.GetString(Table.NameOf(kind));
}
