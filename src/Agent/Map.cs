using System.Collections.Immutable;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Containerd;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Endpoints.StatusLists;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Platform;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Transport;
using AuthorityOptions = Spiffe.Agent.Authority.AuthorityOptions;
using KeyType = Spiffe.Agent.Authority.KeyType;

namespace Spiffe.Agent;

/// <summary>From what the file said to what each room takes: rooms do not know the configuration.</summary>
internal static class Map
{
    public static AuthorityOptions Authority(AgentOptions options) => new()
    {
        TrustDomain = options.TrustDomain,
        CaKeyType = Key(options.Authority.CaKeyType),
        TokenKeyType = Key(options.Authority.CaKeyType),
        WorkloadKeyType = Key(options.Authority.KeyType),
        CaTtl = options.Authority.CaTtl,
        X509Ttl = options.Authority.X509Ttl,
        JwtTtl = options.Authority.JwtTtl,
        WitTtl = options.Authority.WitTtl,
        JwtIssuer = options.Authority.JwtIssuer,
    };

    public static IssuanceOptions Issuance(AgentOptions options) => new()
    {
        RequestsPerSecondPerUser = options.Limits.RequestsPerSecondPerUid,
        RequestBurstPerUser = options.Limits.RequestBurstPerUid,
        JwtLeeway = options.WorkloadApi.JwtLeeway,
        Revocation = new RevocationOptions
        {
            StatusListUri = options.Tasks.StatusList?.Uri,
            StatusListTimeToLive = options.Tasks.StatusList?.Ttl ?? TimeSpan.FromSeconds(15),
            MaxTasks = options.Tasks.MaxLive + (options.Tasks.MaxLive / 2),
        },
    };

    public static TaskServiceOptions Tasks(AgentOptions options) => new()
    {
        TrustDomain = options.TrustDomain,
        MaxLive = options.Tasks.MaxLive,
        RememberEnded = options.Tasks.RememberEnded,
    };

    public static SubjectOptions Subjects(AgentOptions options) => new()
    {
        Issuers =
        [
            .. options.Tasks.Subjects.Select(issuer => new SubjectIssuer
            {
                Issuer = issuer.Issuer,
                Audience = issuer.Audience,
                Keys = issuer.Keys,
                Changes = issuer.KeyFile is { } file ? () => file.HasChanged(out ImmutableArray<JwsPublicKey> keys, out string? fault) ? new SubjectKeyChange(keys, fault) : null : null,
                Algorithms = issuer.Algorithms,
                Claims = issuer.Claims,
                Leeway = issuer.Leeway,
                MaxAge = issuer.MaxAge,
            }),
        ],
    };

    public static StatusListServerOptions? StatusLists(AgentOptions options) =>
        options.Tasks.StatusList is { } said ? new StatusListServerOptions { Listen = said.Listen } : null;

    public static AttestationOptions Attestation(AgentOptions options)
    {
        AttestorsOptions said = options.Attestors;
        return new AttestationOptions
        {
            AttestorDeadline = said.Timeout,
            MaxExecutableSize = said.Unix.Sha256MaxSize,
            HashCacheSize = said.Unix.Sha256CacheEntries,
            Cgroups = new CgroupOptions { DockerParents = said.Docker.CgroupParents, ContainerdNamespaces = said.Containerd.Namespaces },
            Systemd = said.Systemd.IsEnabled ? new SystemdOptions { BusSocket = said.Systemd.Bus } : null,
            Docker = said.Docker.IsEnabled ? new DockerOptions { Socket = said.Docker.Socket } : null,
            Podman = said.Podman.IsEnabled ? new PodmanOptions { Socket = said.Podman.Socket, RootlessSocket = said.Podman.RootlessSocket } : null,
            Containerd = said.Containerd.IsEnabled ? new ContainerdOptions { Socket = said.Containerd.Socket } : null,
            Kubelet = said.Kubernetes.IsEnabled ? Kubelet(said.Kubernetes) : null,
        };
    }

    /// <summary>Null: no log is kept. A new log is called after the trust domain and the host, so that no two hosts' logs have one name.</summary>
    public static HouseLogOptions? Audit(AgentOptions options) => options.Audit is not { } said ? null : new HouseLogOptions
    {
        Store = new AuditStoreOptions
        {
            Directory = said.Directory,
            Origin = said.Origin ?? $"{options.TrustDomain.Name}/spiffe-agent/{Environment.MachineName}",
            KeepsName = said.Origin is null,
            Keep = new AuditRetention { MaxBytes = said.KeepBytes, MaxAge = said.KeepAge },
        },
        KeyAge = said.KeyAge,
        WitnessPolicy = said.Witnesses,
    };

    private static KubeletOptions Kubelet(KubernetesAttestorOptions said) => new()
    {
        Kubelet = said.Kubelet,
        TokenFile = said.TokenFile,
        ClientCertificate = said.ClientCertificate,
        ClientKey = said.ClientKey,
        CaFile = said.CaFile,
        KubeletCertificate = said.KubeletCertificate,
        NodeName = said.NodeName,
        InsecureSkipVerification = said.SkipsVerification,
    };

    public static WorkloadApiProfiles Profiles(AgentOptions options) =>
        new(options.WorkloadApi.X509, options.WorkloadApi.Jwt, options.WorkloadApi.Wit, options.WorkloadApi.AllowUnregisteredBundles);

    public static RpcServerOptions Rpc(AgentOptions options) => new()
    {
        MaxConnections = options.Limits.MaxConnections,
        MaxConnectionsPerUser = options.Limits.MaxConnectionsPerUid,
        MaxStreamsPerConnection = options.Limits.MaxStreamsPerConnection,
        MaxReceiveMessageBytes = options.Limits.MaxMessageSize,
        MaxMetadataBytes = options.Limits.MaxMetadataSize,
    };

    public static UnixTransportOptions Transport(AgentOptions options) => new()
    {
        MaxConnections = options.Limits.MaxConnections,
        MaxConnectionsPerUser = options.Limits.MaxConnectionsPerUid,
        ReadStartTime = PeerProcess.ReadStartTime,
    };

    /// <exception cref="UnixBindException">The group does not exist.</exception>
    public static UnixSocketOptions Socket(SocketOptions socket) => new()
    {
        Path = socket.Path,
        Mode = socket.Mode,
        GroupId = socket.Group is null ? null : GroupNames.Find(socket.Group) ?? throw new UnixBindException(
            BindFault.SystemError, $"socket '{socket.Path}': group '{socket.Group}' does not exist; create it (groupadd --system {socket.Group}) or name another"),
    };

    private static KeyType Key(Configuration.KeyType type) => type switch
    {
        Configuration.KeyType.EcP256 => KeyType.Ec256,
        Configuration.KeyType.EcP384 => KeyType.Ec384,
        _ => KeyType.Rsa2048,
    };
}
