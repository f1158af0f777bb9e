using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Tests.Integration.TaskRun;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>The inventory of the real daemon: what this process holds, used and did not use, signed by the log's key and verified without the daemon.</summary>
public sealed partial class InventoryWireTests : IAsyncLifetime, IDisposable
{
    private const string Identity = "spiffeagent.task.v1.TaskIdentity";
    private const string Admin = "spiffeagent.admin.v1.Admin";

    private static readonly Metadata Header = new() { { "workload.spiffe.io", "true" } };

    private RealDaemon _daemon = null!;
    private RpcChannel _workload = null!;
    private RpcChannel _admin = null!;

    public async Task InitializeAsync()
    {
        string mine = string.Create(CultureInfo.InvariantCulture, $"unix:uid:{geteuid()}");
        _daemon = await RealDaemon.StartAsync($$"""
            trust_domain: example.org
            audit: { dir: audit, origin: example.org/audit }
            entries: [ { id: /somebody, selectors: [ "unix:uid:4242424" ] } ]
            templates:
              - name: review
                owner: team-a
                purpose: reviews changes
                start: [ "{{mine}}" ]
                grants:
                  - { type: repo, actions: [ read ], locations: [ "https://repo.example" ], audiences: [ api ], constraints: { max_uses: 2 } }
                  - { type: repo, actions: [ merge ], locations: [ "https://repo.example" ], audiences: [ api ] }
                audiences: [ api ]
              - name: unused
                owner: team-b
                start: [ "{{mine}}" ]
                grants: [ { type: repo, actions: [ read ] } ]
            """);
        _workload = new RpcChannel(new UnixDomainSocketEndPoint(_daemon.WorkloadSocket));
        _admin = new RpcChannel(new UnixDomainSocketEndPoint(_daemon.AdminSocket));
    }

    public void Dispose()
    {
        _workload?.Dispose();
        _admin?.Dispose();
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task The_inventory_has_the_task_its_rights_the_stranger_and_what_nobody_uses()
    {
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using ClientCall<X509SVIDRequest, X509SVIDResponse> none = _workload.Call(
                new Method<X509SVIDRequest, X509SVIDResponse>(MethodType.ServerStreaming, "SpiffeWorkloadAPI", "FetchX509SVID", X509SVIDResponse.Parser), new X509SVIDRequest(), new CallOptions(Header, RealDaemon.Patience));
            await none.ResponseStream.MoveNext(default);
        });
        TaskHandle task = await WorkAsync();
        GetStatusResponse status = await _admin.UnaryAsync(new Method<GetStatusRequest, GetStatusResponse>(MethodType.Unary, Admin, "GetStatus", GetStatusResponse.Parser), new GetStatusRequest(), new CallOptions(Timeout: RealDaemon.Patience));
        using JsonDocument json = JsonDocument.Parse((await InventoryAsync(sign: false)).Document);
        JsonElement inventory = json.RootElement;

        JsonElement shown = Assert.Single(inventory.GetProperty("tasks").EnumerateArray());
        Assert.Equal((task.TaskId, "team-a", "reviews changes", 1, 1), (shown.GetProperty("id").GetString(), shown.GetProperty("owner").GetString(), shown.GetProperty("purpose").GetString(),
            shown.GetProperty("rights_used").GetInt32(), shown.GetProperty("rights_unused").GetInt32()));
        JsonElement stranger = Assert.Single(inventory.GetProperty("strangers").GetProperty("callers").EnumerateArray());
        Assert.Equal(("NoIdentity", geteuid(), true, Environment.ProcessPath), (stranger.GetProperty("reason").GetString(), stranger.GetProperty("user_id").GetUInt32(), stranger.GetProperty("attested").GetBoolean(), stranger.GetProperty("executable").GetString()));
        Dictionary<string, JsonElement> templates = inventory.GetProperty("templates").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, StringComparer.Ordinal);
        Assert.Equal((1, 0), (templates["review"].GetProperty("begun").GetInt32(), templates["unused"].GetProperty("begun").GetInt32()));
        Assert.Equal("merge", Assert.Single(templates["review"].GetProperty("never_used").EnumerateArray()).GetProperty("actions")[0].GetString());
        Assert.False(Assert.Single(inventory.GetProperty("entries").EnumerateArray()).TryGetProperty("earned_at", out _));
        Assert.Equal((1, "example.org/audit", ""), (status.Strangers, status.Log.Origin, status.Log.Fault));
        Assert.True(inventory.GetProperty("log").GetProperty("size").GetInt64() > 0);
    }

    [Fact]
    public async Task A_signed_inventory_is_verified_without_the_daemon_and_the_log_tells_of_it()
    {
        await WorkAsync();
        string file = Path.Combine(_daemon.Folder, "inventory.json"), keys = Path.Combine(_daemon.Folder, "audit", "log.vkey");
        using (AgentProgram take = AgentProgram.Start(RealDaemon.Executable, ["inventory", "--signed", file, "--admin-socket", $"unix://{_daemon.AdminSocket}"])) Assert.Equal(0, (await take.EndAsync()).ExitCode);
        string log = string.Concat(Directory.EnumerateFiles(Path.Combine(_daemon.Folder, "audit"), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("lock", StringComparison.Ordinal) && !f.Contains("/keys/", StringComparison.Ordinal)).Select(f => Encoding.UTF8.GetString(File.ReadAllBytes(f))));
        Assert.Contains("\"type\":\"inventory_taken\"", log, StringComparison.Ordinal);
        await _daemon.StopAsync();

        using (AgentProgram good = AgentProgram.Start(RealDaemon.Executable, ["inventory", "verify", file, "--key", keys, "--output", "json"]))
        {
            (int exitCode, string output, string error) = await good.EndAsync();
            Assert.True(exitCode == 0, error);
            string digest = JsonDocument.Parse(output).RootElement.GetProperty("sha256").GetString()!;
            Assert.Contains($"\"digest\":\"{digest}\"", log, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("team-a", "team-b", StringComparison.Ordinal));
        using AgentProgram bad = AgentProgram.Start(RealDaemon.Executable, ["inventory", "verify", file, "--key", keys]);
        Assert.Equal(65, (await bad.EndAsync()).ExitCode);
    }

    /// <summary>A task that uses one of its two rights.</summary>
    private async Task<TaskHandle> WorkAsync()
    {
        TaskHandle task = await AskAsync<StartTaskRequest, TaskHandle>("StartTask", new StartTaskRequest { Template = "review", Intent = new Intent { Goal = "read" } }, TaskHandle.Parser);
        ActionDecision read = await AskAsync<AuthorizeActionRequest, ActionDecision>(
            "AuthorizeAction",
            new AuthorizeActionRequest { Action = new Protocols.Tasks.Action { Type = "repo", Action_ = "read", Location = "https://repo.example/x", Audience = "api" } },
            ActionDecision.Parser);
        Assert.Equal(ActionDecision.Types.Outcome.Permit, read.Outcome);
        return task;
    }

    private async Task<(byte[] Document, byte[] Note)> InventoryAsync(bool sign)
    {
        Method<GetInventoryRequest, InventoryPiece> method = new(MethodType.ServerStreaming, Admin, "GetInventory", InventoryPiece.Parser);
        using ClientCall<GetInventoryRequest, InventoryPiece> call = _admin.Call(method, new GetInventoryRequest { Sign = sign }, new CallOptions(Timeout: RealDaemon.Patience));
        using MemoryStream document = new();
        byte[] note = [];
        while (await call.ResponseStream.MoveNext(default))
        {
            call.ResponseStream.Current.Document.WriteTo(document);
            note = call.ResponseStream.Current.Note.ToByteArray();
        }

        return (document.ToArray(), note);
    }

    private Task<TResponse> AskAsync<TRequest, TResponse>(string name, TRequest request, Google.Protobuf.MessageParser<TResponse> parser)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        _workload.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, Identity, name, parser), request, new CallOptions(Header, RealDaemon.Patience));

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
