using System.Diagnostics;
using System.Globalization;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>What the real daemon tells an operator of a process.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task A_process_is_shown_as_it_is()
    {
        await using RealDaemon daemon = await RealDaemon.StartAsync("""
            trust_domain: example.org
            entries:
              - { id: "/process/{unix:pid}", selectors: [ "unix:path:/nowhere" ] }
              - { id: /secret, selectors: [ "docker:env:TOKEN=hunter2" ] }
            """);
        using AdminConnection operators = new(daemon);
        using Process child = Process.Start("sleep", "300");
        try
        {
            ExplainResponse seen = await operators.ExplainAsync(child.Id);

            Assert.Equal((child.Id, "sleep"), (seen.ProcessId, seen.Command));
            Assert.Equal(new FileInfo(seen.Executable).FullName, seen.Executable);
            Assert.InRange(seen.StartedAt.ToDateTimeOffset(), child.StartTime.ToUniversalTime().AddSeconds(-5), child.StartTime.ToUniversalTime().AddSeconds(5));
            Assert.True(seen.Cgroup.Path.Length > 0 || seen.Cgroup.Refusal.Length > 0);
            Assert.Contains(seen.Evidence, e => e.Selector == string.Create(CultureInfo.InvariantCulture, $"unix:uid:{seen.UserId}") && e.Source.Length > 0);
            Assert.Contains(seen.Evidence, e => e.Selector.StartsWith("unix:sha256:", StringComparison.Ordinal));
            Assert.Empty(seen.Matched);
            Assert.Equal(["docker:env:TOKEN=[redacted]", "unix:path:/nowhere"], seen.Nearly.Select(n => n.Missing[0]).Order(StringComparer.Ordinal));
            Assert.DoesNotContain("hunter2", seen.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            child.Kill();
        }
    }

    [RequiresToolFact("python3")]
    public async Task What_is_no_process_is_said_in_a_sentence()
    {
        await using RealDaemon daemon = await RealDaemon.StartAsync("trust_domain: example.org");
        using AdminConnection operators = new(daemon);
        const string Threads = "import threading, time, sys; t = threading.Thread(target=time.sleep, args=(300,), daemon=True); t.start(); print(t.native_id, flush=True); sys.stdin.read()";
        using Process child = Process.Start(new ProcessStartInfo("python3", ["-c", Threads]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            int thread = int.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

            Assert.Contains("this is the id of a thread", (await RefusalOf(operators, thread)).Detail, StringComparison.Ordinal);
            Assert.Contains("there is no such process", (await RefusalOf(operators, int.MaxValue)).Detail, StringComparison.Ordinal);
            Assert.Equal(StatusCode.InvalidArgument, (await RefusalOf(operators, 0)).StatusCode);
        }
        finally
        {
            child.Kill();
        }
    }

    private static async Task<Status> RefusalOf(AdminConnection operators, int processId) =>
        (await Assert.ThrowsAsync<RpcException>(() => operators.ExplainAsync(processId))).Status;
}
