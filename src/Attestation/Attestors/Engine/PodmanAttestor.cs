using System.Globalization;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Http;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Vouches for <c>podman:</c> selectors: label, env, image_id and image_config_digest as <see cref="DockerAttestor"/>, and name, pod_id, pod_name; the same
/// behind <c>rootless:UID:</c> for containers of users.</summary>
/// <remarks>What a user's own Podman says is that user's word: it is written <c>podman:rootless:UID:…</c>, so no container of a user can earn what root's containers do,
/// nor what another user's do. Names can be given again (<c>podman rename</c>, <c>podman rm</c>); a change is seen within a minute.</remarks>
public sealed class PodmanAttestor : IAttestor, IDisposable
{
    private const string Rootless = "rootless";

    private static readonly string[] Keys = ["label", "env", "image_id", "image_config_digest", "name", "pod_id", "pod_name"];

    private readonly UnixEndpoint _endpoint;
    private readonly string _rootlessSocket;
    private readonly CgroupReader _cgroups;

    // Apart, so that users with many containers of their own displace nothing of root's.
    private readonly EngineInquiry _rootful;
    private readonly EngineInquiry _rootless;

    /// <exception cref="ArgumentException">The path of users' sockets has no <c>{uid}</c> in it.</exception>
    public PodmanAttestor(PodmanOptions options, CgroupReader cgroups, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(cgroups);
        if (!options.RootlessSocket.Contains(PodmanOptions.UserIdPlaceholder, StringComparison.Ordinal))
            throw new ArgumentException($"no {PodmanOptions.UserIdPlaceholder} in the path of users' sockets", nameof(options));
        _endpoint = new UnixEndpoint("podman", options.Socket, Owner: 0);
        _rootlessSocket = options.RootlessSocket;
        _cgroups = cgroups;
        _rootful = new EngineInquiry(EngineDialect.Podman, cgroups.ReadProcess, clock);
        _rootless = new EngineInquiry(EngineDialect.Podman, cgroups.ReadProcess, clock);
    }

    public string Type => EngineDialect.Podman.Type;

    public bool IsSureToAskNobody(PeerProcess peer) => _cgroups.Read(peer).Place.Container is null;

    public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);
        CgroupReading reading = _cgroups.Read(peer);
        if (reading.Refusal is { } refusal) return EngineFindings.Refuse(Type, refusal, reading.Detail);
        if (reading.Place.Container is not { Runtime: ContainerRuntime.Podman } place || !EngineInquiry.IsId(place.Id)) return new ValueTask<AttestorFindings>(AttestorFindings.None);
        if (place.RootlessUserId is { } user) return AttestRootless(reading, place, user, needed, cancellationToken);
        return Keys.Any(key => needed.Contains(Type, key))
            ? _rootful.AskAsync(_endpoint, reading, place, scope: "", needed, cancellationToken)
            : new ValueTask<AttestorFindings>(AttestorFindings.None);
    }

    public void Dispose()
    {
        _rootful.Dispose();
        _rootless.Dispose();
    }

    /// <summary>Asks the user's own Podman. That the process is that user's is part of the reading.</summary>
    private ValueTask<AttestorFindings> AttestRootless(
        CgroupReading reading, ContainerPlace place, uint user, SelectorKinds needed, CancellationToken cancellationToken)
    {
        if (!needed.Contains(Type, Rootless)) return new ValueTask<AttestorFindings>(AttestorFindings.None);
        string id = user.ToString(CultureInfo.InvariantCulture);
        UnixEndpoint endpoint = new($"podman-{id}", _rootlessSocket.Replace(PodmanOptions.UserIdPlaceholder, id, StringComparison.Ordinal), user);
        return _rootless.AskAsync(endpoint, reading, place, $"{Rootless}:{id}:", needed, cancellationToken);
    }
}
