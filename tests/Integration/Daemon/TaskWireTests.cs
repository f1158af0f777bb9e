using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Tests.Integration.TaskRun;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>Tasks over the real daemon's sockets: this process does them, asks about them and ends them.</summary>
public sealed partial class TaskWireTests : IAsyncLifetime, IDisposable
{
    private const string Identity = "spiffeagent.task.v1.TaskIdentity";
    private const string Verifier = "spiffeagent.task.v1.TaskVerifier";
    private const string Admin = "spiffeagent.admin.v1.TaskAdmin";

    private static readonly Metadata Header = new() { { "workload.spiffe.io", "true" } };

    private RealDaemon _daemon = null!;
    private RpcChannel _workload = null!;
    private RpcChannel _admin = null!;

    public async Task InitializeAsync()
    {
        string mine = string.Create(CultureInfo.InvariantCulture, $"unix:uid:{geteuid()}");
        _daemon = await RealDaemon.StartAsync($$"""
            trust_domain: example.org
            workload_api: { allow_unregistered_bundles: true }
            entries: [ { id: /somebody, selectors: [ "unix:uid:4242424" ] } ]
            templates:
              - name: review
                owner: team-a
                start: [ "{{mine}}" ]
                grants: [ { type: repo, actions: [ read ], locations: [ "https://repo.example" ], audiences: [ api ], constraints: { max_uses: 2 } } ]
                audiences: [ api ]
                on_exit: by_status
              - name: asked
                owner: team-a
                start: [ "{{mine}}" ]
                grants: [ { type: repo, actions: [ read ] } ]
                approval: { to_start: true }
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
    public async Task Without_the_security_header_no_task_service_answers()
    {
        foreach ((string service, string method) in new[] { (Identity, "StartTask"), (Identity, "WatchTask"), (Verifier, "VerifyTask"), (Verifier, "WatchRevocations") })
        {
            Method<StartTaskRequest, TaskHandle> unheaded = new(MethodType.Unary, service, method, TaskHandle.Parser);
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _workload.UnaryAsync(unheaded, new StartTaskRequest { Template = "review" }));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.Contains("security header missing", refused.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_task_has_credentials_while_it_lives_and_its_stream_ends_with_it()
    {
        TaskHandle task = await StartAsync();
        Assert.Matches("^spiffe://example.org/agent/review/task/[a-z2-7]{26}$", task.SpiffeId);
        using ClientCall<FetchTaskCredentialsRequest, TaskCredentials> fetch = Stream<FetchTaskCredentialsRequest, TaskCredentials>(
            Identity, "FetchTaskCredentials", new FetchTaskCredentialsRequest { Audiences = { "api" } }, TaskCredentials.Parser);
        Assert.True(await fetch.ResponseStream.MoveNext(default));
        TaskCredentials held = fetch.ResponseStream.Current;

        Assert.Equal(["jwt", "wit", "x509"], held.Credentials.Select(c => c.Kind).Order(StringComparer.Ordinal));
        Credential svid = held.Credentials.Single(c => c.Kind == "x509");
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(svid.Content.Span);
        using ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(svid.PrivateKey.Span, out _);
        using ECDsa named = leaf.GetECDsaPublicKey()!;
        Assert.Equal(named.ExportSubjectPublicKeyInfo(), key.ExportSubjectPublicKeyInfo());
        Assert.False(held.Bundle.IsEmpty);
        string jwt = held.Credentials.Single(c => c.Kind == "jwt").Content.ToStringUtf8();
        VerifyTaskResponse good = await VerifyAsync(jwt, "api");
        Assert.Equal((true, task.TaskId, "review", ""), (good.Valid, good.TaskId, good.Template, good.Reason));

        await AskAsync<CompleteTaskRequest, OffboardingReceipt>(Identity, "CompleteTask", new CompleteTaskRequest(), OffboardingReceipt.Parser);

        RpcException over = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await fetch.ResponseStream.MoveNext(default)) Assert.NotEmpty(fetch.ResponseStream.Current.Credentials);
        });
        Assert.Equal(StatusCode.PermissionDenied, over.StatusCode);
        Assert.False((await VerifyAsync(jwt, "api")).Valid);
    }

    [Fact]
    public async Task An_action_token_counts_once_and_what_is_not_granted_is_an_answer()
    {
        await StartAsync();
        ActionDecision permitted = await AuthorizeAsync("read");
        ActionDecision denied = await AuthorizeAsync("write");

        Assert.Equal((ActionDecision.Types.Outcome.Permit, 1L), (permitted.Outcome, permitted.RemainingUses));
        Assert.Equal((ActionDecision.Types.Outcome.Deny, "NOT_GRANTED", ""), (denied.Outcome, denied.Reason, denied.ActionToken));
        VerifyTaskResponse seen = await VerifyAsync(permitted.ActionToken, "api");
        ReportUseResponse first = await ReportAsync(permitted.ActionToken);
        ReportUseResponse second = await ReportAsync(permitted.ActionToken);
        Assert.Equal((true, true, false), (seen.Valid, first.Accepted, second.Accepted));
        Assert.NotEqual("", second.Reason);
        TaskSummary shown = Assert.Single(await ListAsync());
        Assert.Equal(1, shown.Uses);
    }

    [Fact]
    public async Task Revocations_are_told_to_who_watches_and_the_operator_reads_the_receipt()
    {
        TaskHandle task = await StartAsync();
        using ClientCall<WatchRevocationsRequest, RevocationUpdate> watch = Stream<WatchRevocationsRequest, RevocationUpdate>(Verifier, "WatchRevocations", new WatchRevocationsRequest(), RevocationUpdate.Parser);
        Assert.True(await watch.ResponseStream.MoveNext(default));
        Assert.True(watch.ResponseStream.Current.Reset);
        string token = (await AuthorizeAsync("read")).ActionToken;
        Assert.NotEqual("", token);

        TasksChanged changed = await _admin.UnaryAsync(
            new Method<TaskSelection, TasksChanged>(MethodType.Unary, Admin, "RevokeTasks", TasksChanged.Parser), new TaskSelection { Template = "review", Reason = "an incident" }, new CallOptions(Timeout: RealDaemon.Patience));

        Assert.Equal((task.TaskId, true, TaskState.Revoked), (changed.Outcomes[0].TaskId, changed.Outcomes[0].Changed, changed.Outcomes[0].State));
        do Assert.True(await watch.ResponseStream.MoveNext(default));
        while (watch.ResponseStream.Current.Revocations.Count == 0);
        Revocation revoked = watch.ResponseStream.Current.Revocations[0];
        Assert.Equal(("jwt", task.TaskId), (revoked.Kind, revoked.TaskId));
        Assert.False((await VerifyAsync(token, "api")).Valid);
        TaskDetail detail = await GetAsync(task.TaskId[..10]);
        Assert.Equal((TaskState.Revoked, revoked.Id), (detail.Summary.State, Assert.Single(detail.Receipt.RevokedCredentials)));
        Assert.Contains("an incident", detail.Summary.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_for_a_task_cannot_approve_it()
    {
        TaskHandle waiting = await StartAsync("asked");
        Assert.Equal(TaskState.PendingApproval, waiting.State);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _admin.UnaryAsync(
            new Method<ApprovalRequest, TaskSummary>(MethodType.Unary, Admin, "ApproveTask", TaskSummary.Parser), new ApprovalRequest { Id = waiting.Approval.Id }, new CallOptions(Timeout: RealDaemon.Patience)));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Equal(TaskState.PendingApproval, (await GetAsync(waiting.TaskId)).Summary.State);
    }

    [Fact]
    public async Task An_empty_selection_changes_nothing()
    {
        await StartAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _admin.UnaryAsync(
            new Method<TaskSelection, TasksChanged>(MethodType.Unary, Admin, "RevokeTasks", TasksChanged.Parser), new TaskSelection { Reason = "oops" }, new CallOptions(Timeout: RealDaemon.Patience)));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(TaskState.Active, Assert.Single(await ListAsync()).State);
    }

    [Theory]
    [InlineData("exit 0", 0, TaskState.Completed)]
    [InlineData("exit 3", 3, TaskState.Failed)]
    public async Task Task_run_binds_the_program_and_it_ends_with_it(string script, int expected, TaskState state)
    {
        string pid = Path.Combine(_daemon.Folder, "pid");
        using AgentProgram run = AgentProgram.Start(RealDaemon.Executable, ["task", "run", "--socket", _daemon.Endpoint, "--template", "review", "--goal", "g", "--ticket", "T-1", "--", "sh", "-c", $"echo $$ >{pid}; {script}"]);

        Assert.Equal(expected, (await run.EndAsync()).ExitCode);

        TaskSummary task = Assert.Single(await ListAsync());
        Assert.Equal((state, "T-1", (await File.ReadAllTextAsync(pid)).Trim()), (task.State, task.Ticket, task.ProcessId.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Task_run_of_a_template_that_is_not_the_callers_never_runs_the_program()
    {
        string witness = Path.Combine(_daemon.Folder, "ran");
        using AgentProgram run = AgentProgram.Start(RealDaemon.Executable, ["task", "run", "--socket", _daemon.Endpoint, "--template", "other", "--goal", "g", "--", "touch", witness]);

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(77, exitCode);
        Assert.Contains("no such template for this caller", error, StringComparison.Ordinal);
        Assert.False(File.Exists(witness));
    }

    private Task<TaskHandle> StartAsync(string template = "review") =>
        AskAsync<StartTaskRequest, TaskHandle>(Identity, "StartTask", new StartTaskRequest { Template = template, Intent = new Intent { Goal = "read" } }, TaskHandle.Parser);

    private Task<ActionDecision> AuthorizeAsync(string action) => AskAsync<AuthorizeActionRequest, ActionDecision>(
        Identity,
        "AuthorizeAction",
        new AuthorizeActionRequest { Action = new Protocols.Tasks.Action { Type = "repo", Action_ = action, Location = "https://repo.example/x", Audience = "api" } },
        ActionDecision.Parser);

    private Task<VerifyTaskResponse> VerifyAsync(string token, string audience) =>
        AskAsync<VerifyTaskRequest, VerifyTaskResponse>(Verifier, "VerifyTask", new VerifyTaskRequest { Token = token, Audience = audience }, VerifyTaskResponse.Parser);

    private Task<ReportUseResponse> ReportAsync(string token) =>
        AskAsync<ReportUseRequest, ReportUseResponse>(Verifier, "ReportUse", new ReportUseRequest { Token = token, Audience = "api", Detail = "read a file" }, ReportUseResponse.Parser);

    private Task<TaskDetail> GetAsync(string id) => _admin.UnaryAsync(
        new Method<GetTaskRequest, TaskDetail>(MethodType.Unary, Admin, "GetTask", TaskDetail.Parser), new GetTaskRequest { TaskId = id }, new CallOptions(Timeout: RealDaemon.Patience));

    private async Task<IReadOnlyList<TaskSummary>> ListAsync()
    {
        Method<ListTasksRequest, TaskSummary> method = new(MethodType.ServerStreaming, Admin, "ListTasks", TaskSummary.Parser);
        using ClientCall<ListTasksRequest, TaskSummary> call = _admin.Call(method, new ListTasksRequest { Selection = new TaskSelection { All = true }, IncludeEnded = true }, new CallOptions(Timeout: RealDaemon.Patience));
        List<TaskSummary> tasks = [];
        while (await call.ResponseStream.MoveNext(default)) tasks.Add(call.ResponseStream.Current);
        return tasks;
    }

    private Task<TResponse> AskAsync<TRequest, TResponse>(string service, string name, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _workload.UnaryAsync(new Method<TRequest, TResponse>(MethodType.Unary, service, name, parser), request, new CallOptions(Header, RealDaemon.Patience));

    private ClientCall<TRequest, TResponse> Stream<TRequest, TResponse>(string service, string name, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _workload.Call(new Method<TRequest, TResponse>(MethodType.ServerStreaming, service, name, parser), request, new CallOptions(Header, RealDaemon.Patience));

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
