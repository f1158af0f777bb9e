namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors.kubernetes</c>: what the kubelet of this node knows of a pod.</summary>
public sealed class KubernetesAttestorOptions
{
    /// <summary><c>enabled</c>. True by default: it is asked only about processes in pods, and only when an entry has a selector of k8s.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary><c>kubelet</c>: https, host and port. Null when none is named: then <c>https://127.0.0.1:10250</c> where there are credentials for it, the agent's own pod's or named ones.</summary>
    public required Uri? Kubelet { get; init; }

    /// <summary><c>token_file</c>: a bearer token that the kubelet takes; read anew as it is renewed. Null when none is named.</summary>
    public required string? TokenFile { get; init; }

    /// <summary><c>client_certificate</c>: a PEM chain that the kubelet takes. Null when none is named; never without <see cref="ClientKey"/>, never beside <see cref="TokenFile"/>.</summary>
    public required string? ClientCertificate { get; init; }

    /// <summary><c>client_key</c>: the key of <see cref="ClientCertificate"/>, PEM.</summary>
    public required string? ClientKey { get; init; }

    /// <summary><c>ca_file</c>: PEM certificates of the authorities that vouch for the kubelet's certificate. Null when none is named.</summary>
    public required string? CaFile { get; init; }

    /// <summary><c>kubelet_certificate</c>: the kubelet's very certificate, PEM, where it signed that itself. Null when none is named; never beside <see cref="CaFile"/>.</summary>
    public required string? KubeletCertificate { get; init; }

    /// <summary><c>node_name</c>: what the cluster calls this node. Null: the host of <see cref="Kubelet"/>, or on loopback this machine's host name.</summary>
    public required string? NodeName { get; init; }

    /// <summary><c>insecure_skip_verification</c>: whether anybody may answer at the kubelet's address. False by default; warned of when true.</summary>
    public required bool SkipsVerification { get; init; }
}
