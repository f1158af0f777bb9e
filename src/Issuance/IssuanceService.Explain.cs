using System.Collections.Immutable;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance;

// For operators on the admin socket: the same evidence and the same matching as for a caller, without a call and without an SVID.
public sealed partial class IssuanceService
{
    /// <summary>Entries shown although they do not match. Ours: a page.</summary>
    public const int MaxNearMisses = 20;

    /// <summary>Takes every kind of evidence of a process, whether an entry uses it or not.</summary>
    public async Task<Explanation> ExplainAsync(int processId, CancellationToken cancellationToken)
    {
        if (!PeerProcess.TryOpen(processId, out PeerProcess? peer, out PeerRefusal refusal)) return new Explanation(processId, "", Sentence(refusal));
        using (peer)
        {
            ProcessView view = _attestor.View(peer);
            AttestationResult result = await _attestor.AttestAsync(peer, SelectorKinds.All, cancellationToken);
            if (result is not AttestationResult.Attested attested) return new Explanation(processId, "", Sentence(((AttestationResult.Refused)result).Reason));
            EntrySnapshot entries = _entries.Current;
            ImmutableArray<ExplainedEntry> undecided = Undecided(entries, attested);
            return new Explanation(processId, peer.Command, null)
            {
                Process = ExplainedProcess.Of(view),
                Evidence = [.. attested.Evidence.Select(e => (e.Shown, e.Source))],
                Refused = [.. attested.RefusedEvidence.Select(r => new ExplainedRefusal(r.Type, r.Key, r.Reason.ToString(), Sentence(r)))],
                Failed = [.. attested.FailedTypes],
                Matched = [.. entries.Match(attested.Selectors).Select(ExplainedEntry.Of)],
                Undecided = undecided,
                Nearly = [.. entries.NearMisses(attested.Selectors, MaxNearMisses).Where(m => !attested.FailedTypes.Contains(m.Missing.Type)).Select(ExplainedEntry.Of)],
            };
        }
    }

    /// <summary>Entries for which nothing is missing but what failed attestors did not say.</summary>
    private static ImmutableArray<ExplainedEntry> Undecided(EntrySnapshot entries, AttestationResult.Attested attested)
    {
        if (attested.FailedTypes.Count == 0) return [];
        ImmutableArray<ExplainedEntry>.Builder undecided = ImmutableArray.CreateBuilder<ExplainedEntry>();
        foreach (Entry entry in entries.Entries)
        {
            if (undecided.Count == MaxNearMisses) break;
            ImmutableArray<Selector> missing = [.. entry.Selectors.Where(s => !attested.Selectors.Contains(s))];
            if (missing.IsEmpty && !entry.Id.TryResolve(attested.Selectors, out _, out SelectorKind kind)) missing = [new Selector(kind.Type, kind.Key)];
            if (!missing.IsEmpty && missing.All(s => attested.FailedTypes.Contains(s.Type))) undecided.Add(ExplainedEntry.Of(entry, missing));
        }

        return undecided.DrainToImmutable();
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
        PeerRefusal.TooBusy => "its user has too many questions under way",
        _ => refusal.ToString(),
    };

    internal static string Sentence(RefusedEvidence refused)
    {
        string reason = refused.Reason switch
        {
            EvidenceRefusal.NameUnknown => "the id has no name here",
            EvidenceRefusal.NotPermitted => "the agent may not look",
            EvidenceRefusal.ExecutableDeleted => "the executable was deleted or replaced since the process started",
            EvidenceRefusal.PathNamesAnotherFile => "seen from here that path is another file",
            EvidenceRefusal.PathUnprintable => "the path is no printable text",
            EvidenceRefusal.TooLarge => "the executable is too large to be hashed",
            EvidenceRefusal.ChangedWhileRead => "the executable changed while it was hashed",
            EvidenceRefusal.FileSystemNotTrusted => "the executable lies on a file system that a user serves",
            EvidenceRefusal.SegmentsForgeable => "its user namespace could forge who speaks on the connection",
            EvidenceRefusal.Unreadable => "it could not be read",
            EvidenceRefusal.CgroupAmbiguous => "its cgroup could be read in two ways",
            EvidenceRefusal.CgroupOutOfView => "its cgroup lies outside of what the agent sees",
            EvidenceRefusal.CgroupDeleted => "its cgroup has been removed",
            EvidenceRefusal.CgroupOwner => "its cgroup does not belong to whom it must",
            EvidenceRefusal.CgroupUser => "it is another user's than its cgroup",
            EvidenceRefusal.NotKnownToRuntime => "who would vouch for it does not know it",
            EvidenceRefusal.RuntimeDisagrees => "who would vouch for it contradicts the kernel",
            EvidenceRefusal.ServiceNotTrusted => "the service that would be asked is not to be trusted",
            EvidenceRefusal.ServiceNotConfigured => "the configuration names nobody who could be asked",
            EvidenceRefusal.AnswerMalformed => "the answer is not what the protocol says",
            EvidenceRefusal.TimedOut => "no answer in time",
            EvidenceRefusal.AttestorFailed => "it could not be asked",
            _ => refused.Reason.ToString(),
        };
        return refused.Detail.Length > 0 ? $"{reason}: {refused.Detail}" : reason;
    }
}
