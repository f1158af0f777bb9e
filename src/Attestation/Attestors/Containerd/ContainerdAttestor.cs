using System.Globalization;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>Vouches for <c>containerd:</c> selectors: namespace, id, label and image of the container that a process is in.</summary>
/// <remarks>The kernel says which container (its cgroup), containerd says what that is, and both must agree: the container's first process, as containerd names
/// it, is in the same container's cgroup. Nobody but root makes such cgroups or talks to containerd. A process in no container of containerd's costs no call.</remarks>
public sealed class ContainerdAttestor : IAttestor, IDisposable
{
    private const string Kind = "containerd";

    private readonly ContainerdOptions _options;
    private readonly CgroupReader _cgroups;
    private readonly ContainerdClient _client;
    private readonly string _source;

    public ContainerdAttestor(ContainerdOptions options, CgroupReader cgroups)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(cgroups);
        _options = options;
        _cgroups = cgroups;
        _client = new ContainerdClient(options);
        _source = "containerd " + options.Socket;
    }

    public string Type => Kind;

    public bool IsSureToAskNobody(PeerProcess peer) => _cgroups.Read(peer).Place.Container is null;

    public async ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);
        CgroupReading reading = _cgroups.Read(peer);
        if (reading.Refusal is { } refusal) return Refused(refusal, reading.Detail);
        if (reading.Place.Container is not { } place || NamespaceOf(place) is not { } @namespace) return AttestorFindings.None;

        Task<ContainerRecord?> container = _client.GetContainerAsync(@namespace, place.Id, cancellationToken);
        Task<TaskRecord?> task = _client.GetTaskAsync(@namespace, place.Id, cancellationToken);
        await Task.WhenAll(container, task);
        if (await container is not { } known) return Refused(EvidenceRefusal.NotKnownToRuntime, $"no container {place.Id} in namespace {@namespace}");
        if (Contradiction(reading, place, await task) is { } contradiction) return Refused(EvidenceRefusal.RuntimeDisagrees, contradiction);
        return new AttestorFindings(Evidence(@namespace, known, needed), []) { Cgroup = reading };
    }

    public void Dispose() => _client.Dispose();

    // Kubernetes' own layout names a pod and not always a runtime. Where it is another one, containerd knows no such container.
    private string? NamespaceOf(ContainerPlace place) => place switch
    {
        { RootlessUserId: not null } => null,
        { PodUid: not null, Runtime: ContainerRuntime.Containerd or ContainerRuntime.Unknown } => _options.KubernetesNamespace,
        { Runtime: ContainerRuntime.Containerd } => place.Namespace,
        _ => null,
    };

    /// <summary>What speaks against the container that containerd knows being the one whose cgroup the caller is in; null when nothing does.</summary>
    private string? Contradiction(CgroupReading caller, ContainerPlace place, TaskRecord? task)
    {
        if (task is not { IsAlive: true } running) return $"container {place.Id} is not running";
        CgroupReading first = _cgroups.ReadProcess(running.ProcessId);
        if (caller.IsSameContainer(first)) return null;
        string elsewhere = first.Refusal is { } refusal ? $"cannot be placed ({refusal})" : $"is in {first.Path}";
        return string.Create(CultureInfo.InvariantCulture, $"the first process {running.ProcessId} of container {place.Id} {elsewhere}, the caller in {place.Path}");
    }

    private List<EvidenceItem> Evidence(string @namespace, ContainerRecord container, SelectorKinds needed)
    {
        List<EvidenceItem> evidence = [];
        Add("namespace", @namespace);
        Add("id", container.Id);
        Add("image", container.Image);
        if (!needed.Contains(Kind, "label")) return evidence;
        foreach ((string key, string value) in container.Labels)
        {
            // label:a:b:c could be of the key a or of a:b. It is a's, always: whoever may set one label must not be able to imitate another.
            if (key.Length > 0 && !key.Contains(':', StringComparison.Ordinal)) Add("label", string.Concat(key, ":", value));
        }

        return evidence;

        void Add(string key, string value)
        {
            Selector selector = new(Kind, string.Concat(key, ":", value));
            // What an entry cannot name, such as control characters, is not offered.
            if (value.Length > 0 && needed.Asks(selector) && Selector.TryParse(selector.ToString(), out _, out _)) evidence.Add(new EvidenceItem(selector, _source));
        }
    }

    private static AttestorFindings Refused(EvidenceRefusal reason, string detail) => new([], [new RefusedEvidence(Kind, "", reason, detail)]);
}
