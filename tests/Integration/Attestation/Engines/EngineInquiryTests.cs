using System.Globalization;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Http;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Engines;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Integration.Attestation.Engines;

/// <summary>Engines that lie, stall or break, behind a real socket. The cgroups are the test's: this process is the container's first.</summary>
public sealed class EngineInquiryTests : IDisposable
{
    private const string Id = "8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06acf";
    private const string Other = "2184f526959b1b3a54f50bd6eead258c286c44b23a3a63f3b306566f951e412b";

    private static readonly ContainerPlace Place = new(ContainerRuntime.Docker, Id, $"/docker/{Id}");
    private static readonly CgroupReading Reading = new($"0::/docker/{Id}\n", $"/docker/{Id}", new CgroupPlace { Container = Place }) { Inode = 7 };

    private readonly string _folder = Directory.CreateTempSubdirectory("engine").FullName;
    private readonly SelectorKinds _needed = SelectorKinds.Of([new("docker", "label:role:payments"), new("docker", "env:PASSWORD=hunter2"), new("podman", "name:web")]);
    private readonly ManualTime _clock = new();
    private CgroupReading? _first = Reading;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string SocketPath => Path.Combine(_folder, "engine.sock");

    [Fact]
    public async Task What_the_engine_says_and_the_kernel_bears_out_is_believed()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));

        AttestorFindings findings = await AskAsync();

        Assert.Equal(["docker:label:role:payments", "docker:env:PASSWORD=hunter2"], findings.Evidence.Select(e => e.Selector.ToString()));
        Assert.Equal([false, true], findings.Evidence.Select(e => e.Secret));
        Assert.Same(Reading, findings.Cgroup);
        Assert.All(findings.Evidence, e => Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_for_another_container_is_refused()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container(id: Other)));

        await IsRefusedAsync(EvidenceRefusal.RuntimeDisagrees);
    }

    [Fact]
    public async Task Container_whose_first_process_is_in_another_cgroup_is_refused()
    {
        // A stale engine, or one that was told of a victim's id: its process is in a container's cgroup, but not in the caller's.
        _first = new CgroupReading($"0::/docker/{Other}\n", $"/docker/{Other}", new CgroupPlace { Container = new(ContainerRuntime.Docker, Other, $"/docker/{Other}") });
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));

        await IsRefusedAsync(EvidenceRefusal.RuntimeDisagrees);
    }

    [Fact]
    public async Task Same_id_below_a_delegated_cgroup_is_not_that_container()
    {
        // The victim runs in /docker/ID; the caller made a cgroup of the same name elsewhere. The engine truthfully speaks of the victim.
        string path = $"/user.slice/user-1000.slice/user@1000.service/docker-{Id}.scope";
        ContainerPlace imitation = Place with { Path = path };
        CgroupReading imitator = new($"0::{path}\n", path, new CgroupPlace { Container = imitation }) { Inode = 8 };
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));
        using EngineInquiry inquiry = Inquiry();

        AttestorFindings findings = await inquiry.AskAsync(Endpoint, imitator, imitation, "", _needed, CancellationToken.None);

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.RuntimeDisagrees, Assert.Single(findings.Refused).Reason);
    }

    [Fact]
    public async Task Container_whose_first_process_is_the_host_s_is_refused()
    {
        _first = new CgroupReading("0::/system.slice/cron.service\n", "/system.slice/cron.service", new CgroupPlace { Unit = "cron.service" });
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));

        await IsRefusedAsync(EvidenceRefusal.RuntimeDisagrees);
    }

    [Fact]
    public async Task Container_whose_first_process_is_not_there_is_refused()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container(pid: int.MaxValue)));

        await IsRefusedAsync(EvidenceRefusal.RuntimeDisagrees);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Container_that_does_not_run_is_refused(bool running, int pid)
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container(pid: pid, running: running)));

        using EngineInquiry inquiry = new(EngineDialect.Docker, _ => _first!, new ShortDelays());

        AttestorFindings findings = await AskAsync(inquiry);

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.RuntimeDisagrees, Assert.Single(findings.Refused).Reason);
        Assert.Equal(5, engine.Requests);
    }

    [Fact]
    public async Task Container_that_is_about_to_start_is_asked_about_again()
    {
        int asked = 0;
        await using FakeEngine engine = new(SocketPath, async (_, stream, end) =>
            await stream.WriteAsync(FakeEngine.Answer("200 OK", Container(running: Interlocked.Increment(ref asked) > 2)), end));

        using EngineInquiry inquiry = new(EngineDialect.Docker, _ => _first!, new ShortDelays());

        Assert.NotEmpty((await AskAsync(inquiry)).Evidence);
        Assert.Equal(3, engine.Requests);
    }

    [Fact]
    public async Task Container_that_the_engine_does_not_know_is_refused()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("404 Not Found", """{"message":"No such container"}"""));

        await IsRefusedAsync(EvidenceRefusal.NotKnownToRuntime);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "a path that is not served", "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nNot Found" },
        { "a redirect", "HTTP/1.1 302 Found\r\nLocation: http://localhost/other\r\nContent-Length: 0\r\n\r\n" },
        { "an error", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}" },
        { "not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n" },
        { "a header that is none", "HTTP/1.1 200 OK\r\nhunter2\r\n\r\n" },
        { "chunks that are none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhunter2\r\n" },
        { "a body cut short", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{" },
        { "two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}" },
        { "not JSON", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nhunter2" },
        { "a list", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]" },
        { "nothing of a container", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" },
        { "headers without an end", "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat($"X: {new string('a', 1000)}\r\n", 20)) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Broken_answer_is_a_failure_and_is_not_quoted(string what, string bytes)
    {
        await using FakeEngine engine = new(SocketPath, async (_, stream, end) =>
        {
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(bytes), end);
            await stream.DisposeAsync();
        });

        UnixHttpException failure = await Assert.ThrowsAsync<UnixHttpException>(AskAsync);

        Assert.True(failure.Reason == EvidenceRefusal.AnswerMalformed, $"{what}: {failure.Reason}");
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_without_end_is_cut_off(bool chunked)
    {
        await using FakeEngine engine = new(SocketPath, async (_, stream, end) =>
        {
            byte[] megabyte = new byte[1 << 20];
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n"), end);
            while (true)
            {
                if (chunked) await stream.WriteAsync("100000\r\n"u8.ToArray(), end);
                await stream.WriteAsync(megabyte, end);
                if (chunked) await stream.WriteAsync("\r\n"u8.ToArray(), end);
            }
        });

        UnixHttpException failure = await Assert.ThrowsAsync<UnixHttpException>(AskAsync);

        Assert.Equal(EvidenceRefusal.AnswerMalformed, failure.Reason);
    }

    [Fact]
    public async Task Engine_that_never_answers_costs_one_request_and_the_deadline()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeEngine engine = new(SocketPath, async (_, _, end) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, end);
        });
        using EngineInquiry inquiry = Inquiry();

        Task<AttestorFindings>[] callers = [.. Enumerable.Range(0, 10).Select(_ => AskAsync(inquiry))];
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        _clock.Pass(TimeSpan.FromSeconds(5));

        foreach (Task<AttestorFindings> caller in callers) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        Assert.Equal(1, engine.Requests);
    }

    [Fact]
    public async Task Caller_that_leaves_does_not_end_the_asking_for_others()
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FakeEngine engine = new(SocketPath, async (_, stream, end) =>
        {
            await go.Task;
            await stream.WriteAsync(FakeEngine.Answer("200 OK", Container()), end);
        });
        using EngineInquiry inquiry = Inquiry();
        using CancellationTokenSource impatient = new();

        Task<AttestorFindings> leaver = inquiry.AskAsync(Endpoint, Reading, Place, "", _needed, impatient.Token).AsTask(), stayer = AskAsync(inquiry);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        go.SetResult();

        Assert.NotEmpty((await stayer).Evidence);
        Assert.Equal(1, inquiry.Asked);
    }

    [Fact]
    public async Task Living_container_is_asked_about_once()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));
        using EngineInquiry inquiry = Inquiry();

        AttestorFindings first = await AskAsync(inquiry);
        _clock.Pass(TimeSpan.FromDays(1));
        AttestorFindings second = await AskAsync(inquiry);

        Assert.Same(first.Evidence, second.Evidence);
        Assert.Equal(1, engine.Requests);
    }

    [Fact]
    public async Task Other_question_about_a_living_container_is_asked()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));
        using EngineInquiry inquiry = Inquiry();

        await AskAsync(inquiry);
        AttestorFindings other = await inquiry.AskAsync(Endpoint, Reading, Place, "", SelectorKinds.Of([new("docker", "image_id:wl:1")]), CancellationToken.None);

        Assert.Equal("image_id:wl:1", Assert.Single(other.Evidence).Selector.Value);
        Assert.Equal(2, engine.Requests);
    }

    [Fact]
    public async Task Container_that_ended_is_forgotten()
    {
        using System.Diagnostics.Process first = System.Diagnostics.Process.Start("/bin/sleep", "60");
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container(pid: first.Id)));
        using EngineInquiry inquiry = Inquiry();

        Assert.NotEmpty((await AskAsync(inquiry)).Evidence);
        first.Kill();
        await first.WaitForExitAsync();
        AttestorFindings after = await AskAsync(inquiry);

        Assert.Empty(after.Evidence);
        Assert.Equal(EvidenceRefusal.RuntimeDisagrees, Assert.Single(after.Refused).Reason);
    }

    [Fact]
    public async Task Container_that_was_made_anew_under_its_old_name_is_asked_about()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));
        using EngineInquiry inquiry = Inquiry();

        await AskAsync(inquiry);
        _first = Reading with { Inode = 8 };
        await inquiry.AskAsync(Endpoint, _first, Place, "", _needed, CancellationToken.None);

        Assert.Equal(2, engine.Requests);
    }

    [Fact]
    public async Task Explanation_is_never_remembered()
    {
        await using FakeEngine engine = FakeEngine.Always(SocketPath, FakeEngine.Answer("200 OK", Container()));
        using EngineInquiry inquiry = Inquiry();

        for (int i = 0; i < 2; i++) await inquiry.AskAsync(Endpoint, Reading, Place, "", SelectorKinds.All, CancellationToken.None);

        Assert.Equal(2, engine.Requests);
    }

    [Fact]
    public async Task Podman_is_asked_again_after_a_minute_since_names_change()
    {
        string name = "web";
        await using FakeEngine engine = new(SocketPath, async (_, stream, end) => await stream.WriteAsync(FakeEngine.Answer("200 OK", Container(name: name)), end));
        using EngineInquiry inquiry = new(EngineDialect.Podman, _ => _first!, _clock);

        Assert.Equal("podman:name:web", Assert.Single((await AskAsync(inquiry)).Evidence).Selector.ToString());
        name = "till";
        Assert.NotEmpty((await AskAsync(inquiry)).Evidence);
        _clock.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty((await AskAsync(inquiry)).Evidence);
    }

    [Fact]
    public async Task Engine_that_is_not_there_is_a_failure()
    {
        UnixHttpException failure = await Assert.ThrowsAsync<UnixHttpException>(AskAsync);

        Assert.Equal(EvidenceRefusal.AttestorFailed, failure.Reason);
    }

    private UnixEndpoint Endpoint => new("engine", SocketPath, Owner.Id);

    private static string Container(string id = Id, int? pid = null, bool running = true, string name = "web") => string.Create(CultureInfo.InvariantCulture, $$"""
        {"Id":"{{id}}","State":{"Running":{{(running ? "true" : "false")}},"Pid":{{pid ?? Environment.ProcessId}}},"Image":"sha256:b84d","Name":"/{{name}}",
        "Config":{"Env":["PASSWORD=hunter2","OTHER=secret"],"Image":"wl:1","Labels":{"role":"payments","other":"x"} } }
        """);

    private EngineInquiry Inquiry() => new(EngineDialect.Docker, _ => _first!, _clock);

    private Task<AttestorFindings> AskAsync(EngineInquiry inquiry) => inquiry.AskAsync(Endpoint, Reading, Place, "", _needed, CancellationToken.None).AsTask();

    private async Task<AttestorFindings> AskAsync()
    {
        using EngineInquiry inquiry = Inquiry();
        return await AskAsync(inquiry);
    }

    private async Task IsRefusedAsync(EvidenceRefusal reason)
    {
        AttestorFindings findings = await AskAsync();
        Assert.Empty(findings.Evidence);
        Assert.Equal(reason, Assert.Single(findings.Refused).Reason);
    }

    /// <summary>The system's clock, on which delays below a second are over at once.</summary>
    private sealed class ShortDelays : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(1) ? TimeSpan.Zero : dueTime, period);
    }
}
