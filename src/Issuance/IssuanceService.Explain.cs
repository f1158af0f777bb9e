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
        if (!PeerProcess.TryOpen(processId, out PeerProcess? peer, out PeerRefusal refusal)) return Explanation.Failed(processId, Sentence(refusal));
        using (peer)
        {
            AttestationResult result = await _attestor.AttestAsync(peer, SelectorKinds.All, cancellationToken);
            if (result is not AttestationResult.Attested attested) return Explanation.Failed(processId, Sentence(((AttestationResult.Refused)result).Reason));
            EntrySnapshot entries = _entries.Current;
            return new Explanation(
                processId,
                peer.Command,
                null,
                [.. attested.Evidence.Select(e => (e.Selector, e.Source))],
                [.. attested.RefusedEvidence.Select(r => (r.Type, r.Key, $"{r.Reason}: {r.Detail}"))],
                [.. entries.Match(attested.Selectors).Select(ExplainedEntry.Of)],
                [.. entries.NearMisses(attested.Selectors, MaxNearMisses).Select(ExplainedEntry.Of)]);
        }
    }

    private static string Sentence(PeerRefusal refusal) => refusal switch
    {
        PeerRefusal.PidNotVisible => "there is no such process, or it is in a pid namespace that the agent cannot see (run the agent with hostPID)",
        PeerRefusal.PeerExited => "the process has exited",
        PeerRefusal.PidReused => "the pid belongs to another process by now",
        PeerRefusal.CredentialsChanged => "its user or group changed while it was looked at",
        PeerRefusal.NotThreadGroupLeader => "this is the id of a thread: give the id of its process",
        PeerRefusal.ProcUnreadable => "the agent may not read it: run the agent as root, or grant it CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH",
        PeerRefusal.ExecutableChanged => "it became another program while it was looked at",
        PeerRefusal.CgroupChanged => "it was moved to another cgroup while it was looked at",
        PeerRefusal.EvidenceUnavailable => "no evidence could be taken",
        _ => refusal.ToString(),
    };
}
