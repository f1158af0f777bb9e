using System.Globalization;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes;

/// <summary>Vouches for <c>k8s:</c> selectors: the kernel says which container of which pod, the node's kubelet says what that is, and both must agree.</summary>
/// <remarks>Only for a process whose cgroup is a pod's, made by nobody but root, is the kubelet asked. A container that it does not list yet is asked for again for
/// <see cref="KubeletOptions.YoungPodWait"/>: then an unknown pod is a refusal, a known pod without the container a failure, since its status is still to come.
/// Never are there the pod's selectors without the container's.</remarks>
public sealed class KubernetesAttestor : IAttestor, IDisposable
{
    internal const string Kind = "k8s";

    private readonly Func<PeerProcess, CgroupReading> _read;
    private readonly KubeletOptions _options;
    private readonly KubeletEndpoint? _endpoint;
    private readonly KubeletClient? _client;
    private readonly PodLists? _lists;
    private readonly TimeProvider _clock;

    /// <summary>Throws <see cref="ArgumentException"/> for options that would believe or tell anybody; reads no file and connects nowhere.</summary>
    public KubernetesAttestor(KubeletOptions options, CgroupReader cgroups, TimeProvider clock)
        : this(options, (cgroups ?? throw new ArgumentNullException(nameof(cgroups))).Read, clock)
    {
    }

    /// <summary>As above, with another way to read a process's cgroup.</summary>
    internal KubernetesAttestor(KubeletOptions options, Func<PeerProcess, CgroupReading> read, TimeProvider clock)
    {
        _read = read;
        _options = options;
        _clock = clock;
        _endpoint = KubeletEndpoint.Of(options);
        if (_endpoint is null) return;
        _client = new KubeletClient(_endpoint, options, clock);
        _lists = new PodLists(_client.ListPodsAsync, options, clock);
    }

    public string Type => Kind;

    public bool IsSureToAskNobody(PeerProcess peer) => _read(peer).Place.Container?.PodUid is null;

    public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(needed);
        CgroupReading reading = _read(peer);
        if (reading.Refusal is { } refusal) return new(Refused(refusal, reading.Detail));
        if (reading.Place.Container is not { PodUid: not null } container) return new(AttestorFindings.None);
        // Whoever owns a subtree may call a cgroup in it after any pod.
        if (container.RootlessUserId is { } uid) return new(Refused(EvidenceRefusal.CgroupOwner, string.Create(CultureInfo.InvariantCulture, $"{container.Path} is user {uid}'s own")));
        if (_endpoint is null || _lists is null) return new(Refused(EvidenceRefusal.ServiceNotConfigured, "the kubelet would not know us: set attestors.kubernetes.token_file or client_certificate, or run the agent in a pod with a service account"));
        return _lists.Recent?.Find(container) is { State: PodFindingState.Found } found
            ? new(Found(found, reading, needed))
            : AskAsync(_endpoint, _lists, container, reading, needed, cancellationToken);
    }

    public void Dispose() => _client?.Dispose();

    private async ValueTask<AttestorFindings> AskAsync(
        KubeletEndpoint endpoint, PodLists lists, ContainerPlace container, CgroupReading reading, SelectorKinds needed, CancellationToken cancellationToken)
    {
        long began = _clock.GetTimestamp();
        PodListing listing = await lists.AskedSinceAsync(began - Ticks(_options.MaxListAge), cancellationToken);
        while (true)
        {
            PodFinding finding = listing.Pods?.Find(container) ?? default;
            if (finding.State is PodFindingState.Found) return Found(finding, reading, needed);
            if (listing.Begun < began)
            {
                // An answer to somebody else's question says what is, never what is not.
                listing = await lists.AskedSinceAsync(began, cancellationToken);
                continue;
            }

            if (listing.Failure is { } failure) throw new KubeletException(failure.Message, failure);
            string detail = $"{endpoint.Name}: {finding.Detail}";
            if (finding.State is PodFindingState.Contradicted) return Refused(EvidenceRefusal.RuntimeDisagrees, detail);
            if (_clock.GetElapsedTime(began) + _options.PollInterval > _options.YoungPodWait)
            {
                if (finding.State is PodFindingState.PodUnknown) return Refused(EvidenceRefusal.NotKnownToRuntime, detail);
                throw new KubeletException($"{detail}, though asked for {_options.YoungPodWait.TotalSeconds} s; does it have a postStart hook?");
            }

            listing = await lists.AskedSinceAsync(listing.Begun + 1, cancellationToken);
        }
    }

    private AttestorFindings Found(PodFinding finding, CgroupReading reading, SelectorKinds needed)
    {
        PodSelectors selectors = new(needed, _endpoint!.Name);
        selectors.Add(finding.Pod!, finding.Container!);
        return selectors.Findings with { Cgroup = reading };
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);

    private static AttestorFindings Refused(EvidenceRefusal reason, string detail) => new([], [new RefusedEvidence(Kind, "", reason, detail)]);
}
