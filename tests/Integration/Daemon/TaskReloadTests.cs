using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>SIGHUP: templates and policies are read again, and live tasks decided anew.</summary>
public sealed partial class TaskReloadTests : IAsyncLifetime
{
    private const int HangUp = 1;
    private static readonly Metadata Header = new() { { "workload.spiffe.io", "true" } };

    private RealDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await RealDaemon.StartAsync(Configuration(""));

    public async Task DisposeAsync()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task Policy_that_denies_what_lives_revokes_it_when_it_is_read()
    {
        using RpcChannel workload = new(new UnixDomainSocketEndPoint(_daemon.WorkloadSocket));
        TaskHandle task = await StartAsync(workload);
        await WriteAsync("deny.cedar", """
            permit (principal, action, resource);
            forbid (principal in Template::"review", action, resource);
            """);
        await RewriteAsync("policies: [ deny.cedar ]");

        Assert.Equal(0, kill(_daemon.ProcessId, HangUp));
        await UntilLoggedAsync("read again: 1 templates, 2 policies");

        TaskSummary ended = await OnlyAsync();
        Assert.Equal((task.TaskId, Protocols.Tasks.TaskState.Revoked), (ended.TaskId, ended.State));
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => StartAsync(workload));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task File_with_a_fault_changes_nothing()
    {
        using RpcChannel workload = new(new UnixDomainSocketEndPoint(_daemon.WorkloadSocket));
        TaskHandle task = await StartAsync(workload);
        await RewriteAsync("policies: [ missing.cedar ]");

        Assert.Equal(0, kill(_daemon.ProcessId, HangUp));
        await UntilLoggedAsync("not read again, nothing changed");

        TaskSummary alive = await OnlyAsync();
        Assert.Equal((task.TaskId, Protocols.Tasks.TaskState.Active), (alive.TaskId, alive.State));
    }

    private static string Configuration(string more) => string.Create(CultureInfo.InvariantCulture, $$"""
        trust_domain: example.org
        {{more}}
        templates:
          - name: review
            owner: team-a
            start: [ "unix:uid:{{geteuid()}}" ]
            grants: [ { type: repo, actions: [ read ] } ]
        """);

    private static async Task<TaskHandle> StartAsync(RpcChannel workload) => await workload.UnaryAsync(
        new Method<StartTaskRequest, TaskHandle>(MethodType.Unary, "spiffeagent.task.v1.TaskIdentity", "StartTask", TaskHandle.Parser),
        new StartTaskRequest { Template = "review" },
        new CallOptions(Header, RealDaemon.Patience));

    private async Task<TaskSummary> OnlyAsync()
    {
        using RpcChannel admin = new(new UnixDomainSocketEndPoint(_daemon.AdminSocket));
        using ClientCall<ListTasksRequest, TaskSummary> list = admin.Call(
            new Method<ListTasksRequest, TaskSummary>(MethodType.ServerStreaming, "spiffeagent.admin.v1.TaskAdmin", "ListTasks", TaskSummary.Parser),
            new ListTasksRequest { IncludeEnded = true },
            new CallOptions(Timeout: RealDaemon.Patience));
        Assert.True(await list.ResponseStream.MoveNext(default));
        TaskSummary only = list.ResponseStream.Current;
        Assert.False(await list.ResponseStream.MoveNext(default));
        return only;
    }

    private Task RewriteAsync(string more) => WriteAsync(Path.GetFileName(_daemon.ConfigurationFile), $$"""
        sockets:
          workload: { path: run/workload.sock }
          admin: { path: run/admin.sock }
        {{Configuration(more)}}
        """);

    private async Task WriteAsync(string name, string text)
    {
        string path = Path.Combine(_daemon.Folder, name);
        await File.WriteAllTextAsync(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task UntilLoggedAsync(string text)
    {
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (!_daemon.Log.Contains(text, StringComparison.Ordinal)) await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
