using System.Globalization;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Proc;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Vouches for <c>unix:</c> selectors, with SPIRE's names and meanings: uid, gid, user, group, supplementary_gid, supplementary_group, path, sha256;
/// and, for who asks for it by name, pid.</summary>
/// <remarks>Ids are the effective ones at connect time, which <see cref="PeerProcess.Check"/> holds against the present ones. A user can run any program it may
/// execute under its own control (LD_PRELOAD, ptrace), so path and sha256 tell the programs of one user apart only against accidents: pair them with uid.</remarks>
public sealed class UnixAttestor : IAttestor
{
    internal const string Kind = "unix";

    private readonly NameService _names;
    private readonly ExecutableEvidence _executables;

    public UnixAttestor(AttestationOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _names = new NameService(options, clock);
        _executables = new ExecutableEvidence(new ExecutableHasher(options, clock));
    }

    public string Type => Kind;

    public bool IsLocal => true;

    public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);
        IdSelectors ids = IdSelectors.Of(peer, needed);
        return ids.IsAll ? new ValueTask<AttestorFindings>(ids.Findings) : AttestFurtherAsync(peer, ids, cancellationToken);
    }

    private async ValueTask<AttestorFindings> AttestFurtherAsync(PeerProcess peer, IdSelectors needs, CancellationToken cancellationToken)
    {
        List<EvidenceItem> evidence = [.. needs.Findings.Evidence];
        List<RefusedEvidence> refused = [];
        if (needs.User) AddName("user", await _names.UserAsync(peer.UserId, cancellationToken), peer.UserId);
        if (needs.Group) AddName("group", await _names.GroupAsync(peer.GroupId, cancellationToken), peer.GroupId);
        if (needs.GroupNames || needs.GroupIds)
        {
            List<uint> groups = [];
            if (peer.Check(groups, TakeGroups, out _) == PeerRefusal.None)
            {
                foreach (uint gid in groups)
                {
                    if (needs.GroupIds) evidence.Add(Item("supplementary_gid", gid, "/proc/PID/status Groups"));
                    if (needs.GroupNames) AddName("supplementary_group", await _names.GroupAsync(gid, cancellationToken), gid);
                }
            }
        }

        ExecutableId? executable = null;
        bool busy = false;
        if (needs.Path || needs.Hash) (executable, busy) = await _executables.AddAsync(peer, needs.Path, needs.Hash, evidence, refused, cancellationToken);
        return new AttestorFindings(evidence, refused) { Executable = executable, IsBusy = busy };

        void AddName(string key, string? name, uint id)
        {
            if (name is not null) evidence.Add(new EvidenceItem(new Selector(Kind, string.Concat(key, ":", name)), "name service"));
            else refused.Add(new RefusedEvidence(Kind, key, EvidenceRefusal.NameUnknown, string.Create(CultureInfo.InvariantCulture, $"no name for {id}")));
        }
    }

    private static EvidenceItem Item(string key, uint id, string source) =>
        new(new Selector(Kind, string.Create(CultureInfo.InvariantCulture, $"{key}:{id}")), source);

    private static void TakeGroups(ReadOnlySpan<byte> list, List<uint> groups)
    {
        while (ProcessStatus.TryTakeNumber(ref list, out uint gid)) groups.Add(gid);
    }
}
