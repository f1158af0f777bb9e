using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>Start, stop, restart, crash and hang of the service. Every test leaves it running and healthy.</summary>
public sealed class ServiceLifecycleTests(SystemdMachine machine) : MachineTests(machine), IAsyncLifetime
{
    private const string Entries = """
        entries:
          - { id: /web, selectors: [ "unix:uid:1001" ] }
        """;

    public async Task InitializeAsync()
    {
        if (new MachineFactAttribute().Skip is null) await Machine.ServeAsync(Entries);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [MachineFact]
    public async Task Stop_removes_the_sockets_and_keeps_the_directories()
    {
        _ = (await Machine.RunAsync("systemctl", "stop", "spiffe-agent")).Text;

        Assert.Equal("success", await Machine.PropertyAsync("Result"));
        Assert.Empty((await Machine.ShellAsync("ls -A /run/spiffe /run/spiffe-agent | grep sock || :")).Text);
        Assert.Equal(69, (await FetchX509Async("User=1001")).ExitCode);
        // A container that has the directory mounted would miss the next socket if the directory were another.
        Assert.Equal(0, (await Machine.RunAsync("test", "-d", "/run/spiffe")).ExitCode);
    }

    [MachineFact]
    public async Task Restart_serves_again_in_the_same_directory()
    {
        string process = await Machine.PropertyAsync("MainPID"), directory = (await Machine.RunAsync("stat", "-c", "%i", "/run/spiffe")).Text;

        _ = (await Machine.RunAsync("systemctl", "restart", "spiffe-agent")).Text;

        Assert.NotEqual(process, await Machine.PropertyAsync("MainPID"));
        Assert.Equal(directory, (await Machine.RunAsync("stat", "-c", "%i", "/run/spiffe")).Text);
        await AssertServesAsync();
    }

    [MachineFact]
    public async Task Second_daemon_is_refused_and_the_first_still_serves()
    {
        CommandResult second = await Machine.RunAsync(SystemdMachine.Binary, "run");

        Assert.True(second.ExitCode == 73, second.ToString());
        await AssertServesAsync();
    }

    [MachineFact]
    public async Task Socket_of_a_killed_daemon_is_replaced()
    {
        string process = await Machine.PropertyAsync("MainPID");

        _ = (await Machine.RunAsync("systemctl", "kill", "-s", "KILL", "spiffe-agent")).Text;
        await Machine.UntilAsync($"[ $(systemctl show -p MainPID --value spiffe-agent) != {process} ] && systemctl -q is-active spiffe-agent");

        await AssertServesAsync();
    }

    [MachineFact]
    public async Task Hung_daemon_is_killed_by_the_watchdog_and_started_again()
    {
        string process = await Machine.PropertyAsync("MainPID");
        _ = (await Machine.ShellAsync("mkdir -p /run/systemd/system/spiffe-agent.service.d; cd /run/systemd/system/spiffe-agent.service.d; "
            + "printf '[Service]\\nWatchdogSec=2s\\n' > watchdog.conf; systemctl daemon-reload; systemctl restart spiffe-agent")).Text;
        try
        {
            // The daemon keeps the watchdog quiet by itself for longer than its period …
            process = await Machine.PropertyAsync("MainPID");
            _ = (await Machine.RunAsync("sleep", "5")).Text;
            Assert.Equal(process, await Machine.PropertyAsync("MainPID"));

            // … and a daemon that does nothing is ended.
            _ = (await Machine.RunAsync("systemctl", "kill", "-s", "STOP", "spiffe-agent")).Text;
            await Machine.UntilAsync($"[ $(systemctl show -p MainPID --value spiffe-agent) != {process} ] && systemctl -q is-active spiffe-agent");
            Assert.Contains("Watchdog timeout", (await Machine.RunAsync("journalctl", "-u", "spiffe-agent", "--no-pager")).Text, StringComparison.Ordinal);
            await AssertServesAsync();
        }
        finally
        {
            _ = await Machine.ShellAsync("rm -r /run/systemd/system/spiffe-agent.service.d; systemctl daemon-reload; systemctl restart spiffe-agent");
        }
    }

    [MachineFact]
    public async Task Crash_leaves_no_core_file()
    {
        // SIGSYS dumps core by default and is not caught by the runtime. An ordinary service leaves a core file, whatever this machine's pattern does with it.
        // (systemd reads `$$$$` as `$$`.)
        _ = await Machine.RunAsync("systemd-run", "--quiet", "--wait", "--unit", "ordinary", "-p", "LimitCORE=infinity", "-p", "WorkingDirectory=/tmp", "bash", "-c", "kill -SYS $$$$");
        string ordinary = (await Machine.RunAsync("journalctl", "-u", "ordinary", "--no-pager")).Text;
        string process = await Machine.PropertyAsync("MainPID");

        _ = (await Machine.RunAsync("systemctl", "kill", "-s", "SYS", "spiffe-agent")).Text;
        await Machine.UntilAsync($"[ $(systemctl show -p MainPID --value spiffe-agent) != {process} ] && systemctl -q is-active spiffe-agent");

        string journal = (await Machine.RunAsync("journalctl", "-u", "spiffe-agent", "--no-pager")).Text;
        Assert.Contains("code=killed", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("code=dumped", journal, StringComparison.Ordinal);
        Assert.Contains("code=dumped", ordinary, StringComparison.Ordinal);
    }

    [MachineFact]
    public async Task Wrong_configuration_stops_the_service_for_good_and_says_why()
    {
        await Machine.ConfigureAsync("trust_domain: Example.org\nentries: []\nno_such_key: 1\n");

        Assert.NotEqual(0, (await Machine.RunAsync("systemctl", "restart", "spiffe-agent")).ExitCode);

        Assert.Equal("failed", await Machine.PropertyAsync("ActiveState"));
        Assert.Equal("78", await Machine.PropertyAsync("ExecMainStatus"));
        string journal = (await Machine.RunAsync("journalctl", "-u", "spiffe-agent", "--no-pager", "-o", "cat")).Text;
        Assert.Contains("no_such_key", journal, StringComparison.Ordinal);
        Assert.Contains("trust_domain", journal, StringComparison.Ordinal);
    }

    private async Task AssertServesAsync() =>
        _ = X509Fetch.Of(await FetchX509Async("User=1001")).HasOneValidSvid("spiffe://example.org/web");
}
