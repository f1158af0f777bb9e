using Microsoft.Extensions.Logging;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Counts every denial and writes down those that are worth a line.</summary>
internal sealed partial class DenialBook(IssuanceCounters counters, TimeProvider time, ILogger log)
{
    private readonly DenialNotes _notes = new(time);

    public void Add(Caller caller, Refusal refusal, string detail)
    {
        counters.CallDenied();
        if (_notes.IsWorthALine(caller.UserId, refusal, out long unwritten)) LogDenied(log, caller.ProcessId, caller.UserId, refusal, detail, unwritten);
    }
}
