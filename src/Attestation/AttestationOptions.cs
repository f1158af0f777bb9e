using Spiffe.Agent.Attestation.Attestors.Containerd;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Attestation;

/// <summary>Who is asked about a process, and the limits of that.</summary>
public sealed class AttestationOptions
{
    /// <summary>Longest that one attestor may take. Default 5 s. Ours: shorter than the 10 s that go-spiffe and Envoy wait for a first answer.</summary>
    public TimeSpan AttestorDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest executable that is hashed, in bytes; 0 switches hashing off. Default 256 MiB. Ours: SPIRE's workload_size_limit defaults to no limit.</summary>
    public long MaxExecutableSize { get; init; } = 256L << 20;

    /// <summary>Executables hashed at one time. Default: half the processors, at least 1. Ours: hashing must leave room for serving.</summary>
    public int MaxConcurrentHashes { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Bytes of one executable that are hashed before it is another user's turn. Default 1 MiB: about a millisecond. Ours: a turn costs a lock, a thousandth of that.</summary>
    public long HashSliceSize { get; init; } = 1L << 20;

    /// <summary>Questions to services (container runtimes, kubelet, D-Bus) under way at one time for calls. Default 32. Ours: far below what they accept.</summary>
    public int MaxConcurrentQuestions { get; init; } = 32;

    /// <summary>The same for one user. Default 4. Ours: a user whose service hangs leaves the others their share.</summary>
    public int MaxConcurrentQuestionsPerUser { get; init; } = 4;

    /// <summary>Questions under way to see whether what services said of live streams still holds. Default 8, half of them for one user. Ours: nobody waits for these.</summary>
    public int MaxConcurrentRefreshes { get; init; } = 8;

    /// <summary>How long what a service said of a process counts for its live streams before the service is asked again; new calls always ask.
    /// Default 60 s. Origin: the kubelet's own sync period.</summary>
    public TimeSpan ServiceEvidenceAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may count at most while the service does not answer and the kernel's evidence is unchanged. Default 5 min. Ours: a restart of Docker or of
    /// the kubelet ends no stream, and a service that was killed to freeze its last answer gains minutes.</summary>
    public TimeSpan MaxStaleEvidence { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Hashes remembered. Default 1024 (some 200 KB). Ours.</summary>
    public int HashCacheSize { get; init; } = 1024;

    /// <summary>Names of users and of groups remembered, each. Default 4096. Ours.</summary>
    public int NameCacheSize { get; init; } = 4096;

    /// <summary>How long a name, or its absence, is remembered. Default 60 s. Origin: nscd's and sssd's order of magnitude.</summary>
    public TimeSpan NameCacheLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Cgroup layouts that an operator names.</summary>
    public CgroupOptions Cgroups { get; init; } = new();

    /// <summary>How systemd is asked; null: never.</summary>
    public SystemdOptions? Systemd { get; init; }

    /// <summary>How Docker is asked; null: never.</summary>
    public DockerOptions? Docker { get; init; }

    /// <summary>How Podman is asked; null: never.</summary>
    public PodmanOptions? Podman { get; init; }

    /// <summary>How containerd is asked; null: never.</summary>
    public ContainerdOptions? Containerd { get; init; }

    /// <summary>How the kubelet is asked; null: never.</summary>
    public KubeletOptions? Kubelet { get; init; }
}
