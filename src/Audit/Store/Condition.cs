using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Store.Queueing;

namespace Spiffe.Agent.Audit.Store;

/// <summary>What keeps a log from working, put together: while there is anything, nothing that gives rights is accepted. Safe from many threads.</summary>
/// <param name="queue">Is told.</param>
/// <param name="observer">Is told of changes, in order.</param>
internal sealed class Condition(RecordQueue queue, Action<AuditStoreEvent> observer)
{
    private readonly Lock _gate = new(); // Guards the three, and the order of what is told.
    private string _committing = "";
    private string _publishing = "";
    private string _room = "";

    /// <summary>Why nothing can be made safe; empty: it can.</summary>
    public void Committing(string fault) => Change(ref _committing, fault);

    /// <summary>Why nothing can be published; empty: it can.</summary>
    public void Publishing(string fault) => Change(ref _publishing, fault);

    /// <summary>Why there is only little room left; empty: there is more.</summary>
    public void Room(string fault) => Change(ref _room, fault);

    /// <summary>A failure in words for people.</summary>
    public static string Of(Exception failure) => failure is DiskException disk ? $"{disk.Message}: {disk.Remedy}" : failure.Message;

    private void Change(ref string part, string fault)
    {
        lock (_gate)
        {
            if (string.Equals(part, fault, StringComparison.Ordinal)) return;
            part = fault;
            string before = queue.Fault;
            string now = _committing.Length > 0 ? _committing : _room.Length > 0 ? _room : _publishing;
            if (string.Equals(before, now, StringComparison.Ordinal)) return;
            queue.Refuse(now);
            observer(now.Length > 0 ? new AuditStoreEvent(AuditStoreEventKind.Fault, 0, now) : new AuditStoreEvent(AuditStoreEventKind.Recovered, 0, ""));
        }
    }
}
