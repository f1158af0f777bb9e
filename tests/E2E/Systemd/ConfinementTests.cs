using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>What the running daemon may still do, as the kernel and systemd say.</summary>
public sealed class ConfinementTests(SystemdMachine machine) : MachineTests(machine), IAsyncLifetime
{
    private string _process = "";

    public async Task InitializeAsync()
    {
        if (new MachineFactAttribute().Skip is not null) return;
        _ = (await Machine.RunAsync("systemctl", "start", "spiffe-agent")).Text;
        _process = await Machine.PropertyAsync("MainPID");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [MachineFact]
    public async Task Daemon_is_not_root_and_has_the_three_capabilities_that_attestation_needs()
    {
        Dictionary<string, string> status = (await Machine.RunAsync("cat", $"/proc/{_process}/status")).Text.Split('\n')
            .Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        ulong needed = Bit(2) | Bit(14) | Bit(19); // CAP_DAC_READ_SEARCH, CAP_IPC_LOCK, CAP_SYS_PTRACE

        Assert.DoesNotContain("0", status["Uid"].Split('\t'));
        Assert.Equal(needed, ulong.Parse(status["CapEff"], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(needed, ulong.Parse(status["CapBnd"], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.Equal("2", status["Seccomp"]);
    }

    [MachineFact]
    public async Task Exposure_is_what_the_documentation_says()
    {
        CommandResult result = await Machine.RunAsync("systemd-analyze", "security", "--no-pager", "--threshold=14", "spiffe-agent");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("exposure level for spiffe-agent.service: 1.4", result.Output, StringComparison.Ordinal);
    }

    [MachineFact]
    public async Task Memory_cannot_be_dumped()
    {
        string limits = (await Machine.RunAsync("grep", "core file", $"/proc/{_process}/limits")).Text;
        Assert.Equal(["0", "0"], limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4..6]);

        // The kernel gives the files of a process that is not dumpable to root (proc(5)), whoever it runs as.
        Assert.Equal("root", (await Machine.RunAsync("stat", "-c", "%U", $"/proc/{_process}/environ")).Text);

        // No .NET diagnostics port, neither in its own /tmp nor in the machine's.
        Assert.Empty((await Machine.ShellAsync($"ls -A /proc/{_process}/root/tmp; ls -A /tmp | grep dotnet || :")).Text);
    }

    [MachineFact]
    public async Task Every_protection_holds_as_the_daemon_says_itself()
    {
        string status = (await Machine.RunAsync(SystemdMachine.Binary, "status", "--output", "json")).Text;
        JsonElement[] protections = [.. JsonDocument.Parse(status).RootElement.GetProperty("protections").EnumerateArray()];

        Assert.Equal(["not-dumpable", "no-core-dump", "no-diagnostics-port", "memory-locked"], protections.Select(protection => protection.GetProperty("name").GetString()));
        Assert.All(protections, protection => Assert.True(protection.GetProperty("holds").GetBoolean(), protection.GetRawText()));
    }

    [MachineFact]
    public async Task Same_user_without_the_capabilities_cannot_look_into_the_daemon()
    {
        CommandResult result = await Machine.UnitAsync(["User=spiffe-agent"], "cat", $"/proc/{_process}/environ");

        Assert.NotEqual(0, result.ExitCode);
    }

    [MachineFact]
    public async Task File_system_is_read_only_but_for_the_directories_that_are_its_own()
    {
        string mounts = (await Machine.RunAsync("cat", $"/proc/{_process}/mounts")).Text;
        string[] writable = [.. mounts.Split('\n').Select(line => line.Split(' ')).Where(mount => mount[3].Split(',')[0] == "rw").Select(mount => mount[1])
            .Where(path => !KernelsOrNspawns(path)).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(["/run/spiffe", "/run/spiffe-agent", "/tmp", "/var/lib/spiffe-agent", "/var/tmp"], writable);
    }

    [MachineFact]
    public async Task Daemon_has_no_network_but_Unix_sockets()
    {
        Assert.NotEqual(
            (await Machine.RunAsync("readlink", "/proc/1/ns/net")).Text, (await Machine.RunAsync("readlink", $"/proc/{_process}/ns/net")).Text);
        Assert.Equal("AF_UNIX", await Machine.PropertyAsync("RestrictAddressFamilies"));
    }

    private static bool KernelsOrNspawns(string path) =>
        Array.Exists(["/proc", "/dev", "/run/host"], root => path == root || path.StartsWith(root + "/", StringComparison.Ordinal));

    private static ulong Bit(int capability) => 1UL << capability;
}
