using System.Globalization;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E;

/// <summary>The harness itself: what it starts is confined, and nothing of it stays.</summary>
public sealed class HarnessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [JailFact]
    public async Task Jailed_command_is_alone_in_its_cgroup_and_pid_namespace()
    {
        CommandResult result = await Command.RunAsync(Limit, Repository.Harness("jail"), "bash", "-c", "echo $$; sed -n s/^0:://p /proc/self/cgroup; exit 7");

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("1\n/init\n", result.Output);
    }

    [JailFact]
    public async Task Jail_ends_what_its_command_left_in_the_background()
    {
        // The background process keeps standard output open: the pipe would not end while it lives.
        CommandResult result = await Command.RunAsync(Limit, Repository.Harness("jail"), "bash", "-c", "setsid sleep 3600 & echo started");

        Assert.Equal("started", result.Text);
    }

    [JailFact("dockerd", "docker")]
    public async Task Host_leaves_no_process_cgroup_or_mount_behind()
    {
        string mounts = await File.ReadAllTextAsync("/proc/self/mountinfo");
        int leader, holder;
        await using (JailedHost host = await JailedHost.StartAsync("dockerd"))
        {
            (leader, holder) = (host.Leader, host.Holder);
            Assert.True(Directory.Exists($"/proc/{leader}"));
            Assert.NotEmpty(Jails(holder));
        }

        Assert.False(Directory.Exists($"/proc/{leader}"));
        Assert.Empty(Jails(holder));
        Assert.Equal(mounts, await File.ReadAllTextAsync("/proc/self/mountinfo"));
    }

    [JailFact("dockerd", "docker")]
    public async Task Host_dies_with_a_script_that_is_killed()
    {
        await using JailedHost host = await JailedHost.StartAsync("dockerd");

        host.KillHolder();

        using CancellationTokenSource timer = new(Limit);
        while (Directory.Exists($"/proc/{host.Leader}")) await Task.Delay(20, timer.Token);
        // Empty cgroups are all that stays, until the next jail.
        _ = (await Command.RunAsync(Limit, Repository.Harness("jail"), "true")).Text;
        Assert.Empty(Jails(host.Holder));
    }

    private static string[] Jails(int holder) =>
        [.. new[] { "/sys/fs/cgroup", "/sys/fs/cgroup/unified" }
            .Select(root => Path.Combine(root, "jail-" + holder.ToString(CultureInfo.InvariantCulture))).Where(Directory.Exists)];
}
