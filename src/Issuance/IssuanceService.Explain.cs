using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance;

// For operators on the admin socket: the same evidence and the same matching as for a caller, without a call and without an SVID.
public sealed partial class IssuanceService
{
    /// <summary>Entries shown although one selector is missing. Ours: a page.</summary>
    public const int MaxNearMisses = 20;

    /// <summary>Takes every kind of evidence of a process, whether an entry uses it or not.</summary>
    public async Task<Explanation> ExplainAsync(int processId, CancellationToken cancellationToken)
    {
        if (!PeerProcess.TryOpen(processId, out PeerProcess? peer, out PeerRefusal refusal)) return Explanation.Failed(processId, refusal.ToString());
        using (peer)
        {
            AttestationResult result = await _attestor.AttestAsync(peer, SelectorKinds.All, cancellationToken);
            if (result is not AttestationResult.Attested attested) return Explanation.Failed(processId, ((AttestationResult.Refused)result).Detail);
            EntrySnapshot entries = _entries.Current;
            return new Explanation(
                processId,
                null,
                [.. attested.Evidence.Select(e => (e.Selector, e.Source))],
                [.. attested.RefusedEvidence.Select(r => (r.Type, r.Key, $"{r.Reason}: {r.Detail}"))],
                [.. entries.Match(attested.Selectors).Select(ExplainedEntry.Of)],
                [.. entries.NearMisses(attested.Selectors, MaxNearMisses).Select(ExplainedEntry.Of)]);
        }
    }
}
