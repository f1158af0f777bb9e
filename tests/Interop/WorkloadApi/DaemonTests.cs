using Spiffe.Agent.Tests.TestKit.Daemon;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>The harness that starts the daemon tells the truth about it.</summary>
public sealed class DaemonTests
{
    [Fact]
    public async Task Daemon_that_was_told_to_stop_ends_well_and_takes_its_sockets_along()
    {
        await using Daemon daemon = await Daemon.StartAsync("trust_domain: example.org");
        Assert.True(File.Exists(daemon.WorkloadSocket) && File.Exists(daemon.AdminSocket), daemon.Log);
        Assert.Equal(0, await daemon.StopAsync());
        Assert.False(File.Exists(daemon.WorkloadSocket) || File.Exists(daemon.AdminSocket), daemon.Log);
    }

    [Fact]
    public async Task Killed_daemon_leaves_its_sockets_and_the_next_one_replaces_them()
    {
        await using Daemon daemon = await Daemon.StartAsync("trust_domain: example.org");
        int killed = daemon.ProcessId;
        await daemon.KillAsync();
        Assert.True(File.Exists(daemon.WorkloadSocket));
        await daemon.StartAsync();
        Assert.NotEqual(killed, daemon.ProcessId);
    }

    [Fact]
    public async Task Start_that_fails_says_why()
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Daemon.StartAsync("trust_domain: example.org\nnonsense: 1"));
        Assert.Contains("ended with 78", refused.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", refused.Message, StringComparison.Ordinal);
    }
}
