using System.Globalization;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Http;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Vouches for <c>docker:</c> selectors, with SPIRE's names and meanings: label, env, image_id, image_config_digest.</summary>
/// <remarks>Only processes whose cgroup is one that root's Docker makes are asked about. Whoever may use Docker's socket is root; but labels and variables of an image
/// are the container's too, so who makes the image can set them: name the image's digest as well.</remarks>
public sealed class DockerAttestor : IAttestor, IDisposable
{
    private static readonly string[] Keys = ["label", "env", "image_id", "image_config_digest"];

    private readonly UnixEndpoint _endpoint;
    private readonly CgroupReader _cgroups;
    private readonly EngineInquiry _inquiry;

    public DockerAttestor(DockerOptions options, CgroupReader cgroups, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(cgroups);
        _endpoint = new UnixEndpoint("docker", options.Socket, Owner: 0);
        _cgroups = cgroups;
        _inquiry = new EngineInquiry(EngineDialect.Docker, cgroups.ReadProcess, clock);
    }

    public string Type => EngineDialect.Docker.Type;

    public bool IsSureToAskNobody(PeerProcess peer) => _cgroups.Read(peer).Place.Container is null;

    public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(needed);
        if (!Keys.Any(key => needed.Contains(Type, key))) return new ValueTask<AttestorFindings>(AttestorFindings.None);
        CgroupReading reading = _cgroups.Read(peer);
        if (reading.Refusal is { } refusal) return EngineFindings.Refuse(Type, refusal, reading.Detail);
        if (reading.Place.Container is not { } place || !MayBeDockers(place) || !EngineInquiry.IsId(place.Id)) return new ValueTask<AttestorFindings>(AttestorFindings.None);
        return place.RootlessUserId is { } user
            ? EngineFindings.Refuse(Type, EvidenceRefusal.CgroupOwner, string.Create(CultureInfo.InvariantCulture, $"user {user} may make any cgroup there; Docker of a user is not asked"))
            : _inquiry.AskAsync(_endpoint, reading, place, scope: "", needed, cancellationToken);
    }

    public void Dispose() => _inquiry.Dispose();

    // A kubelet with the cgroupfs driver names its containers without saying whose they are. A node that has no Docker must not seem to have one that fails.
    private bool MayBeDockers(ContainerPlace place) =>
        place.Runtime == ContainerRuntime.Docker || (place is { Runtime: ContainerRuntime.Unknown, PodUid: not null } && Path.Exists(_endpoint.Path));
}
