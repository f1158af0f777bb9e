using System.Globalization;
using System.Text;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Systemd;

/// <summary>Says which systemd unit a process belongs to: <c>systemd:</c> selectors.</summary>
/// <remarks><para>The kernel says first: the unit is named by the process's cgroup, along a path that only root can make. Then systemd must say the same of this process, and
/// of the unit's cgroup. A process that is in no unit, or on a machine without systemd, costs no call and needs no bus.</para>
/// <para>Below <c>user@UID.service</c> a user's own service manager gives names as it likes. They are selectors of a kind of their own, with the uid in them, and only for
/// processes of that user; that manager is not asked, since it would say whatever its user wants.</para></remarks>
public sealed class SystemdAttestor : IAttestor
{
    internal const string Kind = "systemd";

    private const string Source = "D-Bus " + ServiceManager.Name;

    private static readonly string[] UnitKeys = ["id", "fragment_path", "template", "instance", "slice", "invocation_id"];

    private readonly SystemdOptions _options;
    private readonly CgroupReader _cgroups;
    private readonly ServiceManager _manager;

    public SystemdAttestor(SystemdOptions options, CgroupReader cgroups, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _cgroups = cgroups;
        _manager = new ServiceManager(options, clock);
    }

    public string Type => Kind;

    public bool IsSureToAskNobody(PeerProcess peer) => _cgroups.Read(peer).Place.Unit is null;

    public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);
        return Directory.Exists(_options.BootedMarker) ? AttestAsync(peer, _cgroups.Read(peer), needed, cancellationToken) : new ValueTask<AttestorFindings>(AttestorFindings.None);
    }

    /// <summary>The same, of a process that is known to be where <paramref name="cgroup"/> says.</summary>
    internal async ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, CgroupReading cgroup, SelectorKinds needed, CancellationToken cancellationToken)
    {
        if (cgroup.Refusal is { } refusal) return new AttestorFindings([], [new RefusedEvidence(Kind, "", refusal, cgroup.Detail)]);
        List<EvidenceItem> evidence = [];
        List<RefusedEvidence> refused = [];
        if (needed.Contains(Kind, "user_unit")) AddUserUnit(peer, cgroup.Place, evidence, refused);
        if (cgroup is { Path: { } path, Place.Unit: { } unit } && Array.Exists(UnitKeys, key => needed.Contains(Kind, key)))
        {
            if (UnitName.TryParse(unit, out UnitName? name))
            {
                UnitFacts? facts = await _manager.UnitOfAsync(peer, path, name.Kind, needed.Contains(Kind, "invocation_id"), cancellationToken);
                if (Contradiction(name, path, facts) is { } contradiction) refused.Add(contradiction);
                else AddUnit(name, cgroup.Place.Slice, facts!, needed, evidence);
            }
            else
            {
                refused.Add(new RefusedEvidence(Kind, "", EvidenceRefusal.CgroupAmbiguous, $"the cgroup names no unit that could have processes: {unit}"));
            }
        }

        return evidence.Count == 0 && refused.Count == 0 ? AttestorFindings.None : new AttestorFindings(evidence, refused) { Cgroup = cgroup };
    }

    /// <summary>What systemd says against what the kernel says; null when they agree.</summary>
    private static RefusedEvidence? Contradiction(UnitName name, string path, UnitFacts? facts)
    {
        if (facts is null) return new RefusedEvidence(Kind, "", EvidenceRefusal.NotKnownToRuntime, $"the cgroup is {name}'s, systemd knows no unit of the process");
        if (facts.Id != name.Text) return Disagrees($"the cgroup is {name}'s, systemd says {(UnitName.TryParse(facts.Id, out UnitName? other) ? other.Text : "another")}");
        bool inside = facts.ControlGroup.Length > 1 && path.StartsWith(facts.ControlGroup, StringComparison.Ordinal)
            && (path.Length == facts.ControlGroup.Length || path[facts.ControlGroup.Length] == '/');
        return inside ? null : Disagrees($"the process is in no cgroup that systemd says is {name}'s");

        static RefusedEvidence Disagrees(string detail) => new(Kind, "", EvidenceRefusal.RuntimeDisagrees, detail);
    }

    private static void AddUnit(UnitName name, string? slice, UnitFacts facts, SelectorKinds needed, List<EvidenceItem> evidence)
    {
        Add("id", name.Text);
        // Text of a file name: what no selector can hold is no evidence.
        Add("fragment_path", SelectorText.From(Encoding.UTF8.GetBytes(facts.FragmentPath)));
        Add("template", name.Template);
        Add("instance", name.Instance);
        Add("slice", slice);
        Add("invocation_id", facts.Invocation.Length == 16 ? Convert.ToHexStringLower(facts.Invocation) : null);

        void Add(string key, string? value)
        {
            if (value is not null && needed.Contains(Kind, key)) evidence.Add(new EvidenceItem(new Selector(Kind, string.Concat(key, ":", value)), Source));
        }
    }

    private static void AddUserUnit(PeerProcess peer, CgroupPlace place, List<EvidenceItem> evidence, List<RefusedEvidence> refused)
    {
        if (place is not { UserManager: { } user, UserUnit: { } unit }) return;
        if (peer.UserId != user) refused.Add(new RefusedEvidence(Kind, "user_unit", EvidenceRefusal.CgroupUser, string.Create(CultureInfo.InvariantCulture, $"a process of uid {peer.UserId} under the service manager of uid {user}")));
        else if (!UnitName.TryParse(unit, out _)) refused.Add(new RefusedEvidence(Kind, "user_unit", EvidenceRefusal.CgroupAmbiguous, "the cgroup below the user's service manager names no unit"));
        else evidence.Add(new EvidenceItem(new Selector(Kind, string.Create(CultureInfo.InvariantCulture, $"user_unit:{user}:{unit}")), "/proc/PID/cgroup"));
    }
}
