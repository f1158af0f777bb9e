using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Tests.Integration.TaskRun;
using Spiffe.Agent.Tests.TestKit.Identity;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A daemon at everything that it does, from its start to its end, with two programs that it runs as tasks; all of them traced. Done once, looked at by many tests.</summary>
public abstract class BusyRun(string keyType) : IAsyncLifetime
{
    internal const string FirstChild = "the first child";
    internal const string SecondChild = "the second child";
    internal const string Subject = "the subject";

    private const int HangUp = 1;
    private const int Terminate = 15;
    private const int Rotations = 3;

    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("traces-");
    private AssertionForge _issuer = null!;
    private IPEndPoint _status = null!;
    private string _task = "";

    /// <summary>Where everything of the daemon is.</summary>
    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("busy-");

    internal SecretBook Book { get; } = new();

    internal Trace Daemon { get; private set; } = null!;

    internal Trace FirstWrapper { get; private set; } = null!;

    internal Trace SecondWrapper { get; private set; } = null!;

    /// <summary>Environments and command lines, as anybody reads them who may.</summary>
    internal Dictionary<string, byte[]> Processes { get; } = new(StringComparer.Ordinal);

    /// <summary>What the daemon wrote to its log.</summary>
    internal string Log { get; private set; } = "";

    /// <summary>What programs on the operator's socket printed.</summary>
    internal string Shown { get; private set; } = "";

    internal string WorkloadSocket => Path.Combine(Folder.FullName, "run", "workload.sock");

    internal string AdminSocket => Path.Combine(Folder.FullName, "run", "admin.sock");

    /// <summary>By what sockets each holder of secrets was connected.</summary>
    internal Dictionary<string, IReadOnlySet<long>> Connections { get; } = new(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        if (TracedProgram.Missing() is not null) return; // Every test skips.
        using AssertionForge issuer = new();
        _issuer = issuer;
        string configuration = Path.Combine(Folder.FullName, "agent.yaml");
        _status = FreeAddress();
        await File.WriteAllTextAsync(configuration, Configuration());
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string notify = Path.Combine(Folder.FullName, "notify.sock");
        using Socket manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(notify));
        await using TracedProgram daemon = TracedProgram.Start(Path.Combine(_outside.FullName, "daemon"), [RealDaemon.Executable, "run", "--config", configuration], "", ("NOTIFY_SOCKET", notify));
        await daemon.SaysAsync("serving example.org");

        using Caller caller = new(WorkloadSocket, AdminSocket, Book);
        Task rotation = Task.WhenAll(caller.WatchX509Async(Rotations), caller.WatchWitAsync(Rotations));
        await WorkAsync(caller);
        await WrapAsync(caller, daemon);
        await ReloadAsync(daemon, configuration);
        await OperateAsync();
        await rotation;
        Note("daemon", daemon.ProcessId);
        Connections.Add(Caller.Name, Caller.Connections());
        daemon.Signal(Terminate);
        (int exitCode, Daemon) = await daemon.EndAsync();
        Assert.Equal(0, exitCode);
        Log = daemon.Said;
    }

    public Task DisposeAsync()
    {
        Folder.Delete(recursive: true);
        _outside.Delete(recursive: true);
        return Task.CompletedTask;
    }

    // What the harness itself is given and does.
    private async Task WorkAsync(Caller caller)
    {
        await caller.FetchBundlesAsync();
        await caller.FetchJwtAsync("api");
        await caller.FetchJwtAsync("db");
        TaskHandle task = await caller.StartTaskAsync("review", Assertion());
        _task = task.TaskId;
        await caller.FetchTaskAsync(task.TaskId, 2, onFirst: async () =>
        {
            await caller.SuspendAsync(task.TaskId);
            Assert.Equal(2, (await caller.ResumeAsync(task.TaskId)).Generation);
        });
        await caller.ActAsync(task.TaskId);
        await caller.RenewAsync(task.TaskId);
        await caller.LookAroundAsync(task.TaskId);
        await caller.ActAsync(task.TaskId);
        await caller.CompleteAsync(task.TaskId);
        task = await caller.StartTaskAsync("review", Assertion());
        await caller.FetchTaskAsync(task.TaskId, 1, onFirst: static () => Task.CompletedTask);
        await caller.RevokeAsync(task.TaskId);
        using HttpClient http = new() { BaseAddress = new Uri($"http://{_status}") };
        Assert.NotEmpty(await http.GetByteArrayAsync("/status/keys"));
        Assert.NotEmpty(await http.GetByteArrayAsync("/crl"));
    }

    // Two programs, each a task: one that follows its X.509-SVIDs until its task is contained, one that fetches a token and ends.
    private async Task WrapAsync(Caller caller, TracedProgram daemon)
    {
        string assertion = Path.Combine(_outside.FullName, "assertion");
        await File.WriteAllTextAsync(assertion, Assertion());
        await using TracedProgram first = Wrap("first", "watched", ["--subject-token-file", assertion], ["fetch", "x509", "--watch", "--output", "json"]);
        await using TracedProgram second = Wrap("second", "quick", [], ["fetch", "jwt", "--audience", "api", "--output", "json"]);
        await first.SaysAsync("-----END PRIVATE KEY-----");
        Note("daemon, at work", daemon.ProcessId);
        Note("first wrapper", first.ProcessId);
        Note("first child", Assert.Single(TracedProgram.ChildrenOf(first.ProcessId)));
        Assert.NotEmpty((await caller.KillAsync("watched")).Outcomes);
        (int exitCode, FirstWrapper) = await first.EndAsync();
        Assert.Equal(137, exitCode);
        Book.AddPrinted(FirstChild, first.Said);
        (exitCode, SecondWrapper) = await second.EndAsync();
        Assert.Equal(0, exitCode);
        Book.AddPrinted(SecondChild, second.Said);
        Connections.Add(FirstChild, ConnectionsOfChildren(FirstWrapper));
        Connections.Add(SecondChild, ConnectionsOfChildren(SecondWrapper));
    }

    private static async Task ReloadAsync(TracedProgram daemon, string configuration)
    {
        string good = await File.ReadAllTextAsync(configuration);
        await File.WriteAllTextAsync(configuration, good + "\nnonsense: 1\n");
        daemon.Signal(HangUp);
        await daemon.SaysAsync("not read again");
        await File.WriteAllTextAsync(configuration, good);
        daemon.Signal(HangUp);
        await daemon.SaysAsync("read again: ");
    }

    // What operators look at, and a caller who earns nothing.
    private async Task OperateAsync()
    {
        string[][] verbs = [["status"], ["inventory"], ["task", "list", "--ended"], ["task", "show", _task], ["task", "standing"], ["entry", "list", "--show-secrets"], ["explain", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]];
        foreach (string[] verb in verbs)
        {
            using AgentProgram program = AgentProgram.Start(RealDaemon.Executable, [.. verb, "--admin-socket", $"unix://{AdminSocket}", "--output", "json"]);
            (int exitCode, string output, string error) = await program.EndAsync();
            Assert.True(exitCode == 0, $"{string.Join(' ', verb)}: {error}");
            Shown += output + error;
        }

        using AgentProgram stranger = AgentProgram.Start(RealDaemon.Executable, ["fetch", "x509", "--socket", $"unix://{WorkloadSocket}"]);
        Assert.NotEqual(0, (await stranger.EndAsync()).ExitCode);
    }

    private TracedProgram Wrap(string name, string template, IEnumerable<string> flags, IEnumerable<string> program)
    {
        string socket = $"unix://{WorkloadSocket}";
        return TracedProgram.Start(
            Path.Combine(_outside.FullName, name),
            [RealDaemon.Executable, "task", "run", "--socket", socket, "--timeout", "2m", "--template", template, "--goal", "a busy run", .. flags, "--", RealDaemon.Executable, .. program, "--socket", socket]);
    }

    private void Note(string name, int process)
    {
        foreach (string file in (string[])["environ", "cmdline"]) Processes.Add($"{name}: {file}", File.ReadAllBytes($"/proc/{process}/{file}"));
    }

    private static HashSet<long> ConnectionsOfChildren(Trace trace) =>
        [.. trace.Calls.Select(call => trace.ProcessOf(call.Thread)).Distinct().Where(process => process != trace.Root).SelectMany(trace.Connections)];

    private string Assertion()
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string token = _issuer.Sign(string.Create(CultureInfo.InvariantCulture,
            $$"""{"iss":"https://ci.example.org","aud":"spiffe://example.org","sub":"job-1","iat":{{now}},"exp":{{now + 300}},"jti":"{{Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}}"}"""));
        Book.AddToken("assertion", Subject, token);
        return token;
    }

    private string Configuration()
    {
        const string Grant = """grants: [ { type: repo, actions: [ read ], locations: [ "https://repo.example" ], audiences: [ api ], constraints: { max_uses: 9 } } ]""";
        return $$"""
            trust_domain: example.org
            sockets: { workload: { path: run/workload.sock }, admin: { path: run/admin.sock } }
            audit: { dir: audit }
            log: { level: trace }
            authority: { key_type: {{keyType}}, x509_ttl: 6s, jwt_ttl: 6s, wit_ttl: 6s }
            entries:
              - { id: /first, selectors: [ {{Caller.Selectors}} ] }
              - { id: /second, selectors: [ {{Caller.Selectors}}, "unix:user:root" ], dns_names: [ second.example ] }
            templates:
              - { name: review, owner: team-a, start: [ {{Caller.Selectors}} ], {{Grant}}, audiences: [ api ], residue: { paths: [ "{{Folder.FullName}}" ] } }
              - { name: watched, owner: team-a, start: [ "unix:uid:0", "unix:path:{{RealDaemon.Executable}}" ], {{Grant}}, audiences: [ api ], lifetimes: { x509_ttl: 6s } }
              - { name: quick, owner: team-a, start: [ "unix:uid:0", "unix:path:{{RealDaemon.Executable}}" ], {{Grant}}, audiences: [ api ], on_exit: by_status }
            tasks:
              status_list: { listen: "{{_status}}", uri: "http://{{_status}}/status" }
              subjects: [ { issuer: "https://ci.example.org", jwks: {{_issuer.KeySet}} } ]
            """;
    }

    // An address of the loopback network that nobody else has thought of: its port stays free until the daemon takes it.
    private static IPEndPoint FreeAddress()
    {
        byte[] address = [127, .. RandomNumberGenerator.GetBytes(3)];
        using TcpListener listener = new(new IPAddress(address), 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
