using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Queueing;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>What publishing works on.</summary>
internal sealed record PublisherParts(ILogDisk Disk, TreePublisher Tree, Backlog Backlog, HeadHistory History, JournalWriter Journal, PartialTiles Partial, Retention Retention,
    Reserve Reserve, Condition Condition, RecordQueue Queue, Action<AuditStoreEvent> Observer);
