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
    private const string Kind = "unix";

    private readonly NameService _names;
    private readonly ExecutableEvidence _executables;

    public UnixAttestor(AttestationOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _names = new NameService(options, clock);
        _executables = new ExecutableEvidence(new ExecutableHasher(options, clock));
    }

    public string Type => Kind;

    public async ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);
        List<EvidenceItem> evidence = [];
        List<RefusedEvidence> refused = [];

        if (needed.Contains(Kind, "uid")) evidence.Add(Item("uid", peer.UserId, "SO_PEERCRED"));
        if (needed.Contains(Kind, "gid")) evidence.Add(Item("gid", peer.GroupId, "SO_PEERCRED"));
        if (needed.Contains(Kind, "pid")) evidence.Add(Item("pid", (uint)peer.ProcessId, "SO_PEERCRED"));
        if (needed.Contains(Kind, "user")) AddName("user", await _names.UserAsync(peer.UserId, cancellationToken), peer.UserId);
        if (needed.Contains(Kind, "group")) AddName("group", await _names.GroupAsync(peer.GroupId, cancellationToken), peer.GroupId);

        bool groupNames = needed.Contains(Kind, "supplementary_group");
        bool groupIds = needed.Contains(Kind, "supplementary_gid");
        if (groupNames || groupIds)
        {
            List<uint> groups = [];
            if (peer.Check(groups, TakeGroups, out _) == PeerRefusal.None)
            {
                foreach (uint gid in groups)
                {
                    if (groupIds) evidence.Add(Item("supplementary_gid", gid, "/proc/PID/status Groups"));
                    if (groupNames) AddName("supplementary_group", await _names.GroupAsync(gid, cancellationToken), gid);
                }
            }
        }

        ExecutableId? executable = null;
        bool path = needed.Contains(Kind, "path");
        bool hash = needed.Contains(Kind, "sha256");
        if (path || hash) executable = await _executables.AddAsync(peer, path, hash, evidence, refused, cancellationToken);
        return new AttestorFindings(evidence, refused) { Executable = executable };

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
