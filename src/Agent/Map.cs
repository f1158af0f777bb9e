using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Issuance;
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
    };

    public static AttestationOptions Attestation(AgentOptions options) => new()
    {
        AttestorDeadline = options.Attestors.Timeout,
        MaxExecutableSize = options.Attestors.Unix.Sha256MaxSize,
        HashCacheSize = options.Attestors.Unix.Sha256CacheEntries,
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
