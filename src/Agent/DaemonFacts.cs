using System.Reflection;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Endpoints.Admin;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Rpc.Transport;
using Protection = Spiffe.Agent.Platform.Hardening.Protection;

namespace Spiffe.Agent;

/// <summary>What only the composition root knows of the running daemon, for <c>status</c>.</summary>
internal sealed class DaemonFacts(AgentOptions options, IReadOnlyList<Protection> protections, UnixPeerTransportFactory transport, EntryStore entries, TimeProvider time) : IDaemonFacts
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private volatile string _state = "starting";
    private volatile EmbeddedAuthority? _authority;

    /// <summary>Version of this build, such as 0.1.0.</summary>
    public static string Version { get; } =
        typeof(DaemonFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public void Serving(EmbeddedAuthority authority)
    {
        _authority = authority;
        _state = "serving";
    }

    public void Stopping() => _state = "stopping";

    public void Describe(GetStatusResponse status)
    {
        status.Version = Version;
        status.State = _state;
        status.TrustDomain = options.TrustDomain.Name;
        status.StartedAt = Timestamp.FromDateTimeOffset(_startedAt);
        status.ProcessId = Environment.ProcessId;
        status.Entries = entries.Current.Count;
        status.Connections = transport.Snapshot().OpenConnections;
        status.Sockets.Add(Describe("workload", options.Sockets.Workload));
        status.Sockets.Add(Describe("admin", options.Sockets.Admin));
        status.Protections.AddRange(protections.Select(p => new Protocols.Admin.Protection { Name = p.Name, Holds = p.Holds, Detail = p.Detail }));
        if (_authority is { } authority) status.SigningKeys.AddRange(authority.Keys.Select(Describe));
    }

    private static Socket Describe(string purpose, SocketOptions socket) =>
        new() { Purpose = purpose, Path = socket.Path, Mode = Convert.ToString((int)socket.Mode, 8).PadLeft(4, '0') };

    private static SigningKey Describe(SigningKeyStatus key) => new()
    {
        Purpose = key.Use switch { SigningKeyUse.X509 => "x509", SigningKeyUse.Jwt => "jwt", _ => "wit" },
        Id = key.KeyId,
        State = key.State switch { SigningKeyState.Prepared => "prepared", SigningKeyState.Active => "active", _ => "old" },
        Algorithm = key.Type switch { Authority.KeyType.Ec256 => "ec-p256", Authority.KeyType.Ec384 => "ec-p384", _ => "rsa-2048" },
        NotBefore = Timestamp.FromDateTimeOffset(key.NotBefore),
        NotAfter = Timestamp.FromDateTimeOffset(key.NotAfter),
    };
}
