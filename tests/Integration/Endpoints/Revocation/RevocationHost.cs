using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Endpoints;
using Spiffe.Agent.Endpoints.StatusLists;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Rpc.Transport;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Integration.Endpoints.Revocation;

/// <summary>Issuance with its real neighbours behind a real socket and a real HTTP port, on the real clock; this process is the workload.</summary>
internal sealed class RevocationHost : IAsyncDisposable
{
    public const string Audience = "https://reports.example.org";

    private static readonly TrustDomain Domain = TrustDomain.Parse("example.org");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("revocation-");
    private readonly CancellationTokenSource _stop = new();
    private readonly UnixPeerTransportFactory _transport = new(new UnixTransportOptions(), TimeProvider.System, NullLogger<UnixPeerTransportFactory>.Instance);
    private readonly RpcServer _server;
    private readonly Task _housekeeping;
    private int _tasks;

    private RevocationHost(uint userId)
    {
        Assert.True(IdTemplate.TryParse("/web", Domain, out IdTemplate? id, out _));
        Assert.True(Selector.TryParse(string.Create(CultureInfo.InvariantCulture, $"unix:uid:{userId}"), out Selector selector, out _));
        EntryStore entries = new(new EntrySnapshot([new Entry(id, new SelectorSet([selector]), EntryOrigin.Admin)]));
        AttestationOptions attestation = new();
        Authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = Domain }, TimeProvider.System);
        Service = new IssuanceService(
            Authority,
            entries,
            new WorkloadAttestor([new UnixAttestor(attestation, TimeProvider.System)], attestation, TimeProvider.System),
            new ResponseEncoder(),
            new IssuanceOptions
            {
                RequestsPerSecondPerUser = 0,
                RequestBurstPerUser = 0,
                JwtLeeway = TimeSpan.FromSeconds(30),
                Revocation = new RevocationOptions { StatusListUri = "https://node.example.org/status" },
            },
            new TaskSetup
            {
                Options = new TaskServiceOptions { TrustDomain = Domain },
                Rules = new TaskRules(TemplateSnapshot.Empty, TaskPolicies.BuiltIn),
                Subjects = new SubjectVerifier(new SubjectOptions(), TimeProvider.System, NullLogger<SubjectVerifier>.Instance),
                Journal = new TaskLog(NullLogger<TaskLog>.Instance),
            },
            TimeProvider.System,
            NullLogger<IssuanceService>.Instance);
        Serving = new Serving();
        Status = new StatusListServer(Serving, new StatusListServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, NullLoggerFactory.Instance, TimeProvider.System);
        _server = new RpcServer(new RpcServerOptions(), _transport, NullLoggerFactory.Instance, TimeProvider.System);
        _server.Listen(new RpcEndpoint
        {
            Address = new UnixListenEndPoint(UnixSocketBinder.Bind(new UnixSocketOptions { Path = SocketPath })),
            Services = [new WorkloadApiService(Serving, new WorkloadApiProfiles(X509: true, Jwt: true, Wit: true, AllowUnregisteredBundles: false)).Describe()],
            Gate = SecurityHeader.Check,
        });
        Housekeeping housekeeping = new(Service, Authority, entries, TimeProvider.System, NullLogger<Housekeeping>.Instance);
        _housekeeping = housekeeping.RunAsync(_stop.Token);
    }

    public EmbeddedAuthority Authority { get; }

    public IssuanceService Service { get; }

    public RevocationLedger Ledger => Service.Revocations;

    public Serving Serving { get; }

    public StatusListServer Status { get; }

    /// <summary>Where status is served.</summary>
    public Uri Address => new($"http://{Status.Address}");

    public CallOptions Options { get; } = new(new Metadata { { "workload.spiffe.io", "true" } }, TimeSpan.FromMinutes(1));

    private string SocketPath => Path.Combine(_folder.FullName, "workload.sock");

    public static async Task<RevocationHost> StartAsync()
    {
        Assert.True(PeerProcess.TryOpen(Environment.ProcessId, out PeerProcess? self, out _));
        RevocationHost host = new(self.UserId);
        self.Dispose();
        await host._server.StartAsync();
        await host.Status.StartAsync();
        host.Serving.Begin(host.Service);
        return host;
    }

    public RpcChannel Connect() => new(new UnixDomainSocketEndPoint(SocketPath));

    /// <summary>A new task with one token and one certificate.</summary>
    public (string TaskId, JwtSvid Token, StatusIndex Place, X509SvidCertificate Certificate) StartTask()
    {
        string task = string.Create(CultureInfo.InvariantCulture, $"task-{++_tasks}");
        SpiffeId id = SpiffeId.Parse("spiffe://example.org/agent/review/task/" + task);
        Assert.True(Ledger.Open(task));
        StatusIndex place = Ledger.ReserveStatus()!.Value;
        JwtSvid token = Authority.SignJwt(new JwtSvidRequest { Id = id, Audience = [Audience], Claims = [new ExtraClaim("status", Ledger.StatusLists!.ClaimFor(place))] });
        using X509Svid svid = Authority.SignX509(new X509SvidRequest { Id = id });
        Enter(new CredentialRecord { Kind = CredentialKind.Jwt, Id = token.TokenId!, TaskId = task, Generation = 0, ExpiresAt = token.ExpiresAt, Status = place });
        Enter(new CredentialRecord
        {
            Kind = CredentialKind.X509,
            Id = svid.SerialNumber,
            TaskId = task,
            Generation = 0,
            ExpiresAt = svid.NotAfter,
            IssuerKeyId = svid.Certificate.IssuerKeyId,
        });
        return (task, token, place, svid.Certificate);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _housekeeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Serving.End();
        await Status.DisposeAsync();
        await _server.DisposeAsync();
        _transport.Dispose();
        Service.Dispose();
        Authority.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Enter(CredentialRecord credential) => Assert.Equal(LedgerRefusal.None, Ledger.Issued(credential));
}
