using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Containerd;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Integration.Attestation.Containerd;

/// <summary>Real processes in real cgroups, and a containerd that lies, errs and hangs.</summary>
public sealed class ContainerdAttestorTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("containerd-");
    private readonly ContainerCgroups _cgroups = new();
    private FakeContainerd _containerd = null!;

    private string Socket => Path.Combine(_folder.FullName, "containerd.sock");

    public async Task InitializeAsync()
    {
        _containerd = await FakeContainerd.StartAsync(Socket);
        _containerd.Known = (_cgroups.Namespace, "web");
        _containerd.Labels.AddRange([("app", "web"), ("tier", "front")]);
    }

    public async Task DisposeAsync()
    {
        await _containerd.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public void Dispose() => _cgroups.Dispose();

    [CgroupFact]
    public async Task Container_has_what_containerd_says_of_it()
    {
        _containerd.ProcessId = _cgroups.Start("web");

        AttestorFindings findings = await AskAsync(_containerd.ProcessId, SelectorKinds.All);

        Assert.Equal(
            [$"containerd:namespace:{_cgroups.Namespace}", "containerd:id:web", "containerd:image:registry.example.org/web:1", "containerd:label:app:web", "containerd:label:tier:front"],
            Texts(findings));
        Assert.Empty(findings.Refused);
        Assert.All(findings.Evidence, item => Assert.Equal($"containerd {Socket}", item.Source));
    }

    [CgroupFact]
    public async Task Every_process_of_the_container_has_it_and_not_only_the_first()
    {
        _containerd.ProcessId = _cgroups.Start("web");
        int second = _cgroups.Start("web"), nested = _cgroups.Start("web/child");

        Assert.Equal(["containerd:id:web"], Texts(await AskAsync(second, Kinds("id:web"))));
        Assert.Equal(["containerd:id:web"], Texts(await AskAsync(nested, Kinds("id:web"))));
    }

    [CgroupFact]
    public async Task Labels_that_no_entry_names_are_not_kept()
    {
        _containerd.ProcessId = _cgroups.Start("web");

        Assert.Equal(["containerd:label:tier:front"], Texts(await AskAsync(_containerd.ProcessId, Kinds("label:tier:front", "label:app:other"))));
    }

    [CgroupFact]
    public async Task Label_whose_key_holds_a_colon_imitates_no_other()
    {
        _containerd.ProcessId = _cgroups.Start("web");
        _containerd.Labels.Clear();
        _containerd.Labels.AddRange([("role:admin", "yes"), ("role", "guest")]);

        Assert.Equal(["containerd:label:role:guest"], Texts(await AskAsync(_containerd.ProcessId, Kinds("label:role:admin:yes", "label:role:guest"))));
    }

    [CgroupFact]
    public async Task Text_that_no_entry_can_name_is_left_out()
    {
        _containerd.ProcessId = _cgroups.Start("web");
        _containerd.Labels.AddRange([("motd", "a\nb"), ("long", new string('x', 5000))]);
        _containerd.Image = "";

        Assert.Equal(["containerd:id:web", "containerd:label:app:web", "containerd:label:tier:front"],
            Texts(await AskAsync(_containerd.ProcessId, SelectorKinds.All))[1..]);
    }

    [CgroupFact]
    public async Task Cgroup_nested_in_the_own_container_names_no_other_container()
    {
        _containerd.Known = (_cgroups.Namespace, "victim");
        _containerd.ProcessId = _cgroups.Start("victim");
        int attacker = _cgroups.Start($"attacker/{_cgroups.Namespace}/victim");
        // Who takes the last two names for namespace and id believes it.
        string[] path = (await File.ReadAllLinesAsync($"/proc/{attacker}/cgroup")).Single(line => line.StartsWith("0::", StringComparison.Ordinal)).Split('/');
        Assert.Equal([_cgroups.Namespace, "victim"], path[^2..]);

        AttestorFindings findings = await AskAsync(attacker, SelectorKinds.All);

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.NotKnownToRuntime, Assert.Single(findings.Refused).Reason);
    }

    [CgroupFact]
    public async Task Container_whose_first_process_is_elsewhere_is_not_this_one()
    {
        int caller = _cgroups.Start("web");
        _containerd.ProcessId = _cgroups.Start("other");

        AttestorFindings findings = await AskAsync(caller, SelectorKinds.All);

        Assert.Empty(findings.Evidence);
        RefusedEvidence refused = Assert.Single(findings.Refused);
        Assert.Equal(EvidenceRefusal.RuntimeDisagrees, refused.Reason);
        Assert.Contains($"/{_cgroups.Namespace}/other", refused.Detail, StringComparison.Ordinal);
    }

    [CgroupFact]
    public async Task Container_that_is_not_running_has_nothing()
    {
        int caller = _cgroups.Start("web");
        foreach ((int processId, int status) in new[] { (caller, 0), (caller, 1), (caller, 3), (0, 2), (int.MaxValue, 2) })
        {
            (_containerd.ProcessId, _containerd.Status) = (processId, status);
            AttestorFindings findings = await AskAsync(caller, SelectorKinds.All);
            Assert.Empty(findings.Evidence);
            Assert.Equal(EvidenceRefusal.RuntimeDisagrees, Assert.Single(findings.Refused).Reason);
        }
    }

    [CgroupFact]
    public async Task Paused_container_is_still_itself()
    {
        _containerd.ProcessId = _cgroups.Start("web");
        _containerd.Status = 4;

        Assert.NotEmpty((await AskAsync(_containerd.ProcessId, SelectorKinds.All)).Evidence);
    }

    [CgroupFact]
    public async Task Process_in_no_container_costs_no_call_and_suffers_from_no_dead_service()
    {
        await _containerd.DisposeAsync();
        using Process sleep = Process.Start("/bin/sleep", "3600");
        try
        {
            AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(sleep.Id));

            Assert.Empty(result.FailedTypes);
            Assert.Empty(result.Selectors);
            Assert.Equal(0, _containerd.Calls);
        }
        finally
        {
            sleep.Kill();
            await sleep.WaitForExitAsync();
        }
    }

    [CgroupFact]
    public async Task Containers_in_namespaces_that_are_not_configured_are_nobodys()
    {
        _containerd.ProcessId = _cgroups.Start("web");
        using ContainerdAttestor attestor = new(new ContainerdOptions { Socket = Socket }, new CgroupReader(new CgroupOptions()));

        Assert.Same(AttestorFindings.None, await AskAsync(attestor, _containerd.ProcessId, SelectorKinds.All));
        Assert.Equal(0, _containerd.Calls);
    }

    [CgroupFact]
    public async Task Dead_service_is_a_failure_and_not_an_answer()
    {
        int caller = _cgroups.Start("web");
        await _containerd.DisposeAsync();

        AttestationResult result = await AttestAsync(caller);

        Assert.Equal(PeerRefusal.EvidenceUnavailable, Assert.IsType<AttestationResult.Refused>(result).Reason);
    }

    [CgroupFact]
    public async Task Service_that_comes_back_is_asked_again()
    {
        _containerd.ProcessId = _cgroups.Start("web");
        using ContainerdAttestor attestor = Attestor();
        int caller = _containerd.ProcessId;
        Assert.NotEmpty((await AskAsync(attestor, caller, SelectorKinds.All)).Evidence);
        await _containerd.DisposeAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AskAsync(attestor, caller, SelectorKinds.All));
        await InitializeAsync();
        _containerd.ProcessId = caller;

        Assert.NotEmpty((await AskAsync(attestor, caller, SelectorKinds.All)).Evidence);
    }

    [CgroupFact]
    public async Task Service_that_hangs_fails_at_the_deadline()
    {
        int caller = _cgroups.Start("web");
        TaskCompletionSource ended = new();
        _containerd.Instead = async context =>
        {
            using CancellationTokenRegistration gone = context.RequestAborted.Register(() => ended.TrySetResult());
            await ended.Task;
        };

        AttestationResult result = await AttestAsync(caller, TimeSpan.FromMilliseconds(300));

        Assert.Equal(PeerRefusal.EvidenceUnavailable, Assert.IsType<AttestationResult.Refused>(result).Reason);
        // And the call is given up, not left behind.
        await ended.Task.WaitAsync(Patience);
    }

    [CgroupFact]
    public async Task Process_that_leaves_its_container_while_it_is_attested_is_refused()
    {
        int caller = _cgroups.Start("web");
        _containerd.ProcessId = _cgroups.Start("web");
        _containerd.Meanwhile = () => _cgroups.Move(caller, "other");

        AttestationResult result = await AttestAsync(caller);

        Assert.Equal(PeerRefusal.CgroupChanged, Assert.IsType<AttestationResult.Refused>(result).Reason);
    }

    [CgroupFact]
    public async Task Service_in_a_folder_that_others_may_write_to_is_not_asked()
    {
        int caller = _cgroups.Start("web");
        _containerd.ProcessId = caller;
        Assert.IsType<AttestationResult.Attested>(await AttestAsync(caller));

        _folder.UnixFileMode |= UnixFileMode.OtherWrite; // Anybody could put a socket, or a link to one, in its place.
        using ContainerdAttestor attestor = Attestor();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => AskAsync(attestor, caller, SelectorKinds.All));
    }

    [CgroupFact("/usr/bin/python3")]
    public async Task Service_that_is_not_roots_is_not_asked()
    {
        int caller = _cgroups.Start("web");
        string socket = Path.Combine(_folder.FullName, "users.sock");
        // The file is root's, where only root could put it; who listens is not.
        const string Listen = "import socket,sys,os\ns=socket.socket(socket.AF_UNIX)\ns.bind(sys.argv[1])\nos.setgid(65534)\nos.setuid(65534)\ns.listen()\nprint(flush=True)\nc=s.accept()[0]\nprint(len(c.recv(1)),flush=True)\nsys.stdin.read()";
        using Process user = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Listen, socket])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        using CancellationTokenSource timer = new(Patience);
        try
        {
            await user.StandardOutput.ReadLineAsync(timer.Token);
            using ContainerdAttestor attestor = new(new ContainerdOptions { Socket = socket }, Reader());

            HttpRequestException failure = await Assert.ThrowsAnyAsync<HttpRequestException>(() => AskAsync(attestor, caller, SelectorKinds.All));

            Assert.Contains("user 65534 listens", failure.ToString(), StringComparison.Ordinal);
            // Not a byte was sent to it.
            Assert.Equal("0", await user.StandardOutput.ReadLineAsync(timer.Token));
        }
        finally
        {
            user.StandardInput.Close();
            await user.WaitForExitAsync(timer.Token);
        }
    }

    public static TheoryData<string> Faults => ["another id", "too long", "endless", "no status", "half", "two messages", "compressed", "not protobuf", "http 500", "internal error", "reset", "huge headers"];

    [CgroupTheory]
    [MemberData(nameof(Faults))]
    public async Task Wrong_answer_is_a_failure(string fault)
    {
        int caller = _containerd.ProcessId = _cgroups.Start("web");
        _containerd.AnswersId = fault == "another id" ? "web2" : null;
        _containerd.Instead = fault switch
        {
            "too long" => context => FakeContainerd.SendAsync(context, new byte[(1 << 20) + 1]),
            "endless" => EndlessAsync,
            "no status" => context => FakeContainerd.SendAsync(context, default, status: null),
            "half" => context => SendRawAsync(context, [0, 0, 0, 0, 9, 10]),
            "two messages" => context => SendRawAsync(context, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            "compressed" => context => SendRawAsync(context, [1, 0, 0, 0, 0]),
            "not protobuf" => context => FakeContainerd.SendAsync(context, new byte[] { 10, 200 }),
            "http 500" => FailAsync,
            "internal error" => context => FakeContainerd.RefuseAsync(context, 13),
            "reset" => ResetAsync,
            "huge headers" => HugeHeadersAsync,
            _ => null,
        };

        using ContainerdAttestor attestor = Attestor();
        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(attestor, caller, SelectorKinds.All));

        // And the next answer is heard.
        (_containerd.Instead, _containerd.AnswersId) = (null, null);
        Assert.NotEmpty((await AskAsync(attestor, caller, SelectorKinds.All)).Evidence);
    }

    private static Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    }

    private static Task ResetAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task HugeHeadersAsync(HttpContext context)
    {
        for (int i = 0; i < 7; i++) context.Response.Headers[string.Create(CultureInfo.InvariantCulture, $"x-{i}")] = new string('x', 4000);
        return FakeContainerd.RefuseAsync(context, 5);
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        byte[] block = new byte[1 << 16];
        while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(block, context.RequestAborted);
    }

    private static async Task SendRawAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(body);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private CgroupReader Reader() => new(new CgroupOptions { ContainerdNamespaces = [_cgroups.Namespace] });

    private ContainerdAttestor Attestor() => new(new ContainerdOptions { Socket = Socket }, Reader());

    private async Task<AttestationResult> AttestAsync(int processId, TimeSpan? deadline = null)
    {
        using ContainerdAttestor attestor = Attestor();
        WorkloadAttestor all = new([attestor], new AttestationOptions { AttestorDeadline = deadline ?? Patience }, TimeProvider.System);
        using PeerProcess peer = Open(processId);
        return await all.AttestAsync(peer, SelectorKinds.All, CancellationToken.None);
    }

    private async Task<AttestorFindings> AskAsync(int processId, SelectorKinds needed)
    {
        using ContainerdAttestor attestor = Attestor();
        return await AskAsync(attestor, processId, needed);
    }

    private static async Task<AttestorFindings> AskAsync(ContainerdAttestor attestor, int processId, SelectorKinds needed)
    {
        using CancellationTokenSource timer = new(Patience);
        using PeerProcess peer = Open(processId);
        return await attestor.AttestAsync(peer, needed, timer.Token);
    }

    private static PeerProcess Open(int processId) =>
        PeerProcess.TryOpen(processId, out PeerProcess? peer, out PeerRefusal refusal) ? peer : throw new InvalidOperationException(refusal.ToString());

    private static SelectorKinds Kinds(params string[] values) => SelectorKinds.Of(values.Select(value => new Selector("containerd", value)));

    private static string[] Texts(AttestorFindings findings) => [.. findings.Evidence.Select(item => item.Selector.ToString())];
}
