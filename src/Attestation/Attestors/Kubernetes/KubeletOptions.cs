namespace Spiffe.Agent.Attestation.Attestors.Kubernetes;

/// <summary>Where the node's kubelet is, how we show who we are, and how it must show who it is.</summary>
public sealed class KubeletOptions
{
    /// <summary>The kubelet, as <c>https://host:port</c>; or <c>http://127.0.0.1:10255</c>, its read-only port, on loopback only. Default: <c>https://127.0.0.1:10250</c>.
    /// Without a token, a client certificate or a service account of its own the agent asks no kubelet, and no process is known by its pod.</summary>
    public Uri? Kubelet { get; init; }

    /// <summary>File with a bearer token; read anew for every question, since the kubelet replaces it. Default: the pod's own service account's, unless there is a client certificate.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file with a client certificate, and perhaps intermediate ones. Goes with <see cref="ClientKey"/>, which may be the same file.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>PEM file with the private key of <see cref="ClientCertificate"/>.</summary>
    public string? ClientKey { get; init; }

    /// <summary>PEM file with the authorities that sign kubelets' serving certificates. Default: the pod's own ca.crt.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with the kubelet's own serving certificate, such as /var/lib/kubelet/pki/kubelet.crt: this certificate and no other is accepted, whatever its names
    /// and dates. For kubelets that sign their own. Excludes <see cref="CaFile"/>.</summary>
    public string? KubeletCertificate { get; init; }

    /// <summary>The name that the serving certificate must have. Default: the host of <see cref="Kubelet"/>, or on loopback the machine's host name.</summary>
    public string? NodeName { get; init; }

    /// <summary>Takes any certificate, on loopback only; then the socket that answers must be root's. Default false.</summary>
    public bool InsecureSkipVerification { get; init; }

    /// <summary>Least time between two questions to the kubelet. Default 500 ms. Origin: SPIRE's poll_retry_interval.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a container that the kubelet does not list is asked for again. Default 4 s. Ours: within the attestor's deadline of 5 s, so that the outcome is
    /// known; SPIRE asks for 30 s, longer than its callers wait.</summary>
    public TimeSpan YoungPodWait { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Oldest list that may say what a container is. That there is none is only believed of a list that was asked for after the caller came. Default 1 s. Ours.</summary>
    public TimeSpan MaxListAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest that one question may take. Default 10 s. Origin: SPIRE's kubeletRequestTimeout.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest answer, in bytes. Default 64 MiB. Ours: 500 pods are some 5 MiB, and a tenant's own pod may be up to 9 MiB of escaped JSON. It is read as it comes, so
    /// this bounds time rather than memory.</summary>
    public int MaxAnswerLength { get; init; } = 64 << 20;

    /// <summary>Where a pod finds its service account. Another only in tests.</summary>
    internal string ServiceAccount { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";
}
