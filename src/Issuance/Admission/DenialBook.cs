using Microsoft.Extensions.Logging;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>Counts every denial and writes down those that are worth a line.</summary>
internal sealed partial class DenialBook(IssuanceCounters counters, IJournal journal, StrangerTable strangers, TimeProvider time, ILogger log)
{
    private readonly DenialNotes _notes = new(time);

    public void Add(Caller caller, Refusal refusal, string detail)
    {
        counters.CallDenied();
        if (IsOfStrangers(refusal)) Stranger(caller, refusal.ToString(), isAttested: refusal == Refusal.NoIdentity);
        if (!_notes.IsWorthALine(caller.UserId, refusal, out long unwritten)) return;
        LogDenied(log, caller.ProcessId, caller.UserId, refusal, detail, unwritten);
        journal.Write(new CallerEntry { At = time.GetUtcNow(), ProcessId = caller.ProcessId, UserId = caller.UserId, Refusal = refusal, Detail = detail, Count = unwritten + 1 });
    }

    /// <summary>Somebody called whom nobody has described: for the inventory.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="reason">Why it got nothing.</param>
    /// <param name="isAttested">Whether there is evidence of it.</param>
    public void Stranger(Caller caller, string reason, bool isAttested) =>
        strangers.Seen(caller.UserId, caller.Peer is { } peer ? WorkloadAttestor.ExecutableOf(peer) ?? "" : "", reason, isAttested);

    /// <summary>Whether it says that nobody has described the caller, or that nobody could see it. The rest is about what it asked, or about us.</summary>
    private static bool IsOfStrangers(Refusal refusal) => refusal is Refusal.NoIdentity or Refusal.PeerNotVisible or Refusal.PeerGone or Refusal.EvidenceUnavailable;
}
