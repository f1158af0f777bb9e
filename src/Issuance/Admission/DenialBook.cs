using Microsoft.Extensions.Logging;
using Spiffe.Agent.Issuance.Journal;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Counts every denial and writes down those that are worth a line.</summary>
internal sealed partial class DenialBook(IssuanceCounters counters, IJournal journal, TimeProvider time, ILogger log)
{
    private readonly DenialNotes _notes = new(time);

    public void Add(Caller caller, Refusal refusal, string detail)
    {
        counters.CallDenied();
        if (!_notes.IsWorthALine(caller.UserId, refusal, out long unwritten)) return;
        LogDenied(log, caller.ProcessId, caller.UserId, refusal, detail, unwritten);
        journal.Write(new CallerEntry { At = time.GetUtcNow(), ProcessId = caller.ProcessId, UserId = caller.UserId, Refusal = refusal, Detail = detail, Count = unwritten + 1 });
    }
}
