using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Health;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class OperatorVerbTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task Explain_shows_what_it_gets_why_and_what_it_lacks()
    {
        await using FakeAgent agent = await ExplainerAsync();
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["explain", "42", "--admin-socket", agent.Uri]));
        Assert.Equal(
            """
            process 42  /usr/bin/web --serve
              user          1001, group 1002
              started       2 minutes ago (2026-03-04 11:58:00 UTC)
              executable    /usr/bin/web
              cgroup        /kubepods/pod1/abc
              which is      unit web.service in system.slice
                            unit app.service of the service manager of user 1001
                            containerd's container abc in namespace k8s.io, rootless, of user 1001
                            in pod 7d3c
              it is told Unavailable: docker could not be asked, and entries depend on that

            spiffe://example.org/web  default, hint internal
              entry         web
              origin        /etc/spiffe-agent/agent.yaml:7
              priority      10
              because of    unix:uid:1001, docker:env:PASSWORD=[redacted]

            spiffe://example.org/db  not known whether it matches
              entry         db
              origin        admin socket
              lacks         docker:label:a:b

            unix
              SELECTOR       READ FROM
              unix:uid:1001  /proc/42/status
              refused       unix:path: deleted \u{1b}]0;x

            docker  could not be asked: it may hold more of these
              SELECTOR                        READ FROM
              docker:env:PASSWORD=[redacted]  docker
              refused       no answer in time: no answer within 5 s

            spiffe://example.org/batch  not matched
              entry         batch
              lacks         unix:gid:5
              has           unix:uid:1001

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task Explain_in_json_never_has_the_value_of_an_environment_variable()
    {
        await using FakeAgent agent = await ExplainerAsync();
        await _terminal.RunAsync(["explain", "42", "--output", "json", "--admin-socket", agent.Uri]);
        Assert.DoesNotContain("hunter2", _terminal.Out.Text, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal(["process_id", "command", "user_id", "group_id", "started_at", "executable", "cgroup", "evidence", "matched", "undecided", "nearly", "refused", "failed"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("unix:gid:5", json.RootElement.GetProperty("nearly")[0].GetProperty("missing")[0].GetString());
    }

    [Fact]
    public async Task Explain_says_what_is_wrong_with_a_cgroup_that_is_no_evidence()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<ExplainRequest, ExplainResponse>(
            "Explain", ExplainRequest.Parser, (_, _) => Task.FromResult(new ExplainResponse { ProcessId = 42, Command = "x", Cgroup = new Cgroup { Refusal = "its cgroup has been removed" } })));
        await _terminal.RunAsync(["explain", "42", "--admin-socket", agent.Uri]);
        Assert.Equal("process 42  x\n  user          0, group 0\n  cgroup        its cgroup has been removed\n  no entry describes it: it gets no identity\n", _terminal.Out.Text);
    }

    [Fact]
    public async Task Explain_of_a_process_that_is_not_there_is_bad_input()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<ExplainRequest, ExplainResponse>(
            "Explain", ExplainRequest.Parser, (_, _) => throw new RpcException(new Spiffe.Agent.Rpc.Status(StatusCode.NotFound, "process 42: exited"))));
        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["explain", "42", "--admin-socket", agent.Uri]));
        Assert.Equal("spiffe-agent: admin socket: not found: process 42: exited\n", _terminal.Error.Text);
    }

    [Fact]
    public async Task Status_is_laid_out_for_people()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<GetStatusRequest, GetStatusResponse>(
            "GetStatus", GetStatusRequest.Parser, (_, _) => Task.FromResult(Status())));
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["status", "--admin-socket", agent.Uri]));
        Assert.Equal(
            """
            spiffe-agent 0.1.0  serving
              trust domain  example.org
              process       4242
              started       2 hours 5 minutes ago (2026-03-04 09:55:00 UTC)
              entries       12
              identities    5 live
              tasks         4 live, 1 waiting for approval; 3 credentials; 2 standing
              connections   3, 7 streams waiting for updates
              issued        12 X.509, 4 JWT, 1 WIT
              denied        1 call
              re-attested   250 times: 2 changed, 1 ended
              changes       exec and changed ids are seen at once

            attestors
              TYPE    ASKED  FAILED  LAST FAILURE
              unix    12     0
              docker  3      1       5 minutes ago: /run/docker.sock: errno 2

            sockets
              PURPOSE   MODE  PATH
              workload  0666  /run/spiffe/workload.sock

            signing keys
              PURPOSE  STATE   ALGORITHM  EXPIRES      ID
              x509     active  EC P-256   in 23 hours  k1

            protections
              NAME           HOLDS  DETAIL
              memory-locked  NO     RLIMIT_MEMLOCK is 64 KiB

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task Status_tells_what_is_due_who_is_a_stranger_and_how_the_log_is()
    {
        GetStatusResponse status = Status();
        (status.NextReview, status.NextReviewTemplate, status.StandingOverdue) = (Timestamp.FromDateTimeOffset(TestTerminal.Now.AddDays(12)), "backup", 1);
        (status.Strangers, status.StrangersUnlisted) = (3, 2);
        status.Log = new AuditLog { Origin = "example.org/audit", Size = 42, Published = 40, Waiting = 1, Lost = 2, Fault = "No space left on device" };
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<GetStatusRequest, GetStatusResponse>("GetStatus", GetStatusRequest.Parser, (_, _) => Task.FromResult(status)));
        await _terminal.RunAsync(["status", "--admin-socket", agent.Uri]);
        Assert.Contains("  review        1 OVERDUE, stopped; backup stops in 12 days (2026-03-16 12:00:00 UTC)\n", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Contains("  strangers     3 programs without identity or template, and 2 calls of more than can be listed: see 'inventory'\n", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Contains("  log           example.org/audit: 42 entries, 2 records LOST; CANNOT BE WRITTEN, so nothing is issued: No space left on device\n", _terminal.Out.Text, StringComparison.Ordinal);

        TestTerminal programs = new();
        await programs.RunAsync(["status", "--output", "json", "--admin-socket", agent.Uri]);
        using JsonDocument json = JsonDocument.Parse(programs.Out.Text);
        Assert.Equal(("backup", 1, 3, false), (json.RootElement.GetProperty("next_review_template").GetString(), json.RootElement.GetProperty("standing_overdue").GetInt32(),
            json.RootElement.GetProperty("strangers").GetInt32(), json.RootElement.GetProperty("log").GetProperty("writable").GetBoolean()));
    }

    [Fact]
    public async Task Status_tells_what_was_found_of_ended_tasks()
    {
        GetStatusResponse status = Status();
        status.Offboarded = new Offboarded { Verified = 12, Incomplete = 3, ResidueFound = 2, StillAccepted = 1 };
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<GetStatusRequest, GetStatusResponse>("GetStatus", GetStatusRequest.Parser, (_, _) => Task.FromResult(status)));
        await _terminal.RunAsync(["status", "--admin-socket", agent.Uri]);
        Assert.Contains("  ended tasks   12 verified, 3 not looked behind wholly, 2 LEFT RESIDUE, 1 STILL ACCEPTED\n", _terminal.Out.Text, StringComparison.Ordinal);

        TestTerminal programs = new();
        await programs.RunAsync(["status", "--output", "json", "--admin-socket", agent.Uri]);
        using JsonDocument json = JsonDocument.Parse(programs.Out.Text);
        Assert.Equal("""{"verified":12,"residue_found":2,"incomplete":3,"still_accepted":1}""", JsonSerializer.Serialize(json.RootElement.GetProperty("offboarded")));
    }

    [Theory]
    [InlineData(HealthCheckResponse.Types.ServingStatus.Serving, ExitCodes.Done)]
    [InlineData(HealthCheckResponse.Types.ServingStatus.NotServing, ExitCodes.Unavailable)]
    [InlineData(HealthCheckResponse.Types.ServingStatus.Unknown, ExitCodes.Unavailable)]
    public async Task Healthcheck_tells_by_its_exit_code(HealthCheckResponse.Types.ServingStatus status, int expected)
    {
        RpcService health = RpcService.Create("grpc.health.v1.Health").Unary<HealthCheckRequest, HealthCheckResponse>(
            "Check", HealthCheckRequest.Parser, (_, _) => Task.FromResult(new HealthCheckResponse { Status = status }));
        await using FakeAgent agent = await FakeAgent.StartAsync(health);
        Assert.Equal(expected, await _terminal.RunAsync(["healthcheck", "--socket", agent.Uri]));
        Assert.Equal(["true"], agent.SecurityHeaders);
    }

    private static GetStatusResponse Status()
    {
        GetStatusResponse status = new()
        {
            Version = "0.1.0",
            TrustDomain = "example.org",
            StartedAt = Timestamp.FromDateTimeOffset(TestTerminal.Now.AddMinutes(-125)),
            ProcessId = 4242,
            Entries = 12,
            Connections = 3,
            Streams = 7,
            Identities = 5,
            Tasks = 4,
            TasksWaiting = 1,
            TaskCredentials = 3,
            Standing = 2,
            X509Issued = 12,
            JwtIssued = 4,
            WitIssued = 1,
            Denied = 1,
            State = "serving",
            Reattested = 250,
            ReattestedChanged = 2,
            ReattestedEnded = 1,
            ChangesSeen = "exec and changed ids are seen at once",
        };
        status.Attestors.Add(new Attestor { Type = "unix", Asked = 12 });
        status.Attestors.Add(new Attestor
        {
            Type = "docker",
            Asked = 3,
            Failed = 1,
            LastFailure = "/run/docker.sock: errno 2",
            LastFailureAt = Timestamp.FromDateTimeOffset(TestTerminal.Now.AddMinutes(-5)),
        });
        status.Sockets.Add(new Socket { Purpose = "workload", Path = "/run/spiffe/workload.sock", Mode = "0666" });
        status.SigningKeys.Add(new SigningKey { Purpose = "x509", Id = "k1", State = "active", Algorithm = "EC P-256", NotAfter = Timestamp.FromDateTimeOffset(TestTerminal.Now.AddHours(23)) });
        status.Protections.Add(new Protection { Name = "memory-locked", Holds = false, Detail = "RLIMIT_MEMLOCK is 64 KiB" });
        return status;
    }

    private static Task<FakeAgent> ExplainerAsync()
    {
        ExplainResponse answer = new() { Command = "/usr/bin/web --serve" };
        answer.Evidence.Add(new Evidence { Selector = "unix:uid:1001", Source = "/proc/42/status" });
        answer.Evidence.Add(new Evidence { Selector = "docker:env:PASSWORD=hunter2", Source = "docker" });
        answer.Matched.Add(new EntryMatch { EntryId = "web", Origin = "/etc/spiffe-agent/agent.yaml:7", SpiffeId = "spiffe://example.org/web", Hint = "internal", Priority = 10, Selectors = { "unix:uid:1001", "docker:env:PASSWORD=hunter2" } });
        answer.Nearly.Add(new EntryMatch { EntryId = "batch", SpiffeId = "spiffe://example.org/batch", Selectors = { "unix:gid:5", "unix:uid:1001" }, Missing = { "unix:gid:5" } });
        answer.Undecided.Add(new EntryMatch { EntryId = "db", Origin = "admin", SpiffeId = "spiffe://example.org/db", Selectors = { "docker:label:a:b" }, Missing = { "docker:label:a:b" } });
        answer.Refused.Add(new Refusal { Attestor = "unix", What = "path", Reason = "deleted \e]0;x", Code = "ExecutableDeleted" });
        answer.Refused.Add(new Refusal { Attestor = "docker", Reason = "no answer in time: no answer within 5 s", Code = "TimedOut" });
        answer.Failed.Add("docker");
        (answer.UserId, answer.GroupId, answer.Executable, answer.StartedAt) = (1001, 1002, "/usr/bin/web", Timestamp.FromDateTimeOffset(TestTerminal.Now.AddMinutes(-2)));
        answer.Cgroup = new Cgroup
        {
            Path = "/kubepods/pod1/abc",
            Unit = "web.service",
            Slice = "system.slice",
            UserManager = 1001,
            UserUnit = "app.service",
            Runtime = "containerd",
            ContainerId = "abc",
            PodUid = "7d3c",
            ContainerdNamespace = "k8s.io",
            RootlessUserId = 1001,
        };
        return FakeAgent.StartAsync(FakeAgent.Admin().Unary<ExplainRequest, ExplainResponse>("Explain", ExplainRequest.Parser, (request, _) =>
        {
            ExplainResponse explained = answer.Clone();
            explained.ProcessId = request.ProcessId;
            return Task.FromResult(explained);
        }));
    }
}
