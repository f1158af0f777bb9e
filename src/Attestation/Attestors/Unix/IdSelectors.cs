using System.Globalization;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Which <c>unix:</c> evidence is needed, and the part of it that cannot change while a connection lives: the ids that it was made with.</summary>
/// <remarks>Made once per connection and set of needed kinds: the most frequent attestation, by uid, then costs no memory.</remarks>
internal sealed class IdSelectors
{
    private readonly SelectorKinds _needed;

    private IdSelectors(PeerProcess peer, SelectorKinds needed)
    {
        _needed = needed;
        List<EvidenceItem> evidence = [];
        Add("uid", peer.UserId);
        Add("gid", peer.GroupId);
        Add("pid", (uint)peer.ProcessId);
        Findings = new AttestorFindings(evidence, []);
        User = Needs("user");
        Group = Needs("group");
        GroupNames = Needs("supplementary_group");
        GroupIds = Needs("supplementary_gid");
        Path = Needs("path");
        Hash = Needs("sha256");

        bool Needs(string key) => needed.Contains(UnixAttestor.Kind, key);

        void Add(string key, uint id)
        {
            if (Needs(key)) evidence.Add(new EvidenceItem(new Selector(UnixAttestor.Kind, string.Create(CultureInfo.InvariantCulture, $"{key}:{id}")), "SO_PEERCRED"));
        }
    }

    /// <summary>uid, gid and pid, as far as they are needed.</summary>
    public AttestorFindings Findings { get; }

    public bool User { get; }

    public bool Group { get; }

    public bool GroupNames { get; }

    public bool GroupIds { get; }

    public bool Path { get; }

    public bool Hash { get; }

    /// <summary>Whether <see cref="Findings"/> is all that is needed.</summary>
    public bool IsAll => !(User || Group || GroupNames || GroupIds || Path || Hash);

    /// <summary>Of this peer, for these kinds: the ones it has, or new ones.</summary>
    public static IdSelectors Of(PeerProcess peer, SelectorKinds needed) =>
        peer.IdSelectors is { } known && ReferenceEquals(known._needed, needed) ? known : peer.IdSelectors = new IdSelectors(peer, needed);
}
