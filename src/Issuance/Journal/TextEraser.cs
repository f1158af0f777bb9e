using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Tasks.Requests;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Erases words of people and programs that belong to entries of the log. Who had it done is written down first; the entry keeps its commitment, which says nothing without them.</summary>
public sealed class TextEraser(IJournal journal, AuditStore store, TimeProvider time)
{
    /// <summary>Erases one text; returns when nothing of it is in the log's directory any more.</summary>
    /// <exception cref="IOException">It cannot be erased, or not safely.</exception>
    public async Task<ErasureOutcome> EraseAsync(Operator by, long index, CancellationToken cancellationToken)
    {
        if (index < 0 || index >= store.Health.Size) return ErasureOutcome.NoSuchEntry;
        bool isWritten = journal.Write(new ErasureEntry { At = time.GetUtcNow(), By = by, Index = index }) && await journal.SettleAsync(cancellationToken);
        if (!isWritten) return ErasureOutcome.NotRecorded;
        return await store.EraseBodyAsync(index, cancellationToken) ? ErasureOutcome.Erased : ErasureOutcome.NothingThere;
    }
}
