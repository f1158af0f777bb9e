using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Writes entries into the audit log, and those of tasks into the daemon's log as well, a line each.</summary>
public sealed class AuditJournal(IAuditLog audit, TaskLog lines) : IJournal
{
    public bool IsWritable => audit.Health.IsWritable;

    public bool Write(JournalEntry entry)
    {
        bool isWritten = audit.TryAppend(RecordOf(entry));
        if (isWritten) lines.Write(entry);
        return isWritten;
    }

    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => audit.SettleAsync(cancellationToken);

    private static AuditRecord RecordOf(JournalEntry entry) => entry switch
    {
        TaskEntry task => TaskRecords.Of(task),
        SvidEntry svid => HouseRecords.Of(svid),
        CallerEntry caller => HouseRecords.Of(caller),
        OperatorEntry change => HouseRecords.Of(change),
        StandingEntry ended => HouseRecords.Of(ended),
        ErasureEntry erased => HouseRecords.Of(erased),
        ClockEntry clock => HouseRecords.Of(clock),
        InventoryEntry taken => HouseRecords.Of(taken),
        _ => throw new ArgumentException("an entry of no known kind", nameof(entry)),
    };
}
