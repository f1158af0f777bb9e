using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>A fresh installation: what packages put on a machine, untouched by an operator.</summary>
public sealed class InstallationTests(SystemdMachine machine) : MachineTests(machine)
{
    [MachineFact]
    public async Task Example_configuration_serves_and_gives_nobody_an_identity()
    {
        Assert.Equal(0, (await Machine.RunAsync(SystemdMachine.Binary, "check", SystemdMachine.Configuration)).ExitCode);
        _ = (await Machine.RunAsync("systemctl", "enable", "--now", "spiffe-agent")).Text;

        Assert.Equal("active", await Machine.PropertyAsync("ActiveState"));
        foreach (string user in new[] { "root", "1001", "spiffe-agent" })
        {
            CommandResult result = await FetchX509Async($"User={user}");
            Assert.Equal(77, result.ExitCode);
            Assert.Empty(result.Output);
        }
    }

    [MachineFact]
    public async Task Sockets_have_the_modes_and_the_group_that_the_configuration_says()
    {
        _ = (await Machine.RunAsync("systemctl", "start", "spiffe-agent")).Text;

        CommandResult result = await Machine.RunAsync("stat", "-c", "%F %a %U %G", SystemdMachine.WorkloadSocket, SystemdMachine.AdminSocket, "/run/spiffe", "/run/spiffe-agent");

        Assert.Equal(
            """
            socket 666 spiffe-agent spiffe-agent
            socket 660 spiffe-agent spiffe-admin
            directory 755 spiffe-agent spiffe-agent
            directory 755 spiffe-agent spiffe-agent
            """, result.Text);
    }

    [MachineFact]
    public async Task Members_of_the_group_may_use_the_admin_socket_and_others_may_not()
    {
        _ = (await Machine.RunAsync("systemctl", "start", "spiffe-agent")).Text;

        CommandResult member = await Machine.UnitAsync(["User=1001", "SupplementaryGroups=spiffe-admin"], SystemdMachine.Binary, "status");
        CommandResult other = await Machine.UnitAsync(["User=1001"], SystemdMachine.Binary, "status");

        Assert.Equal(0, member.ExitCode);
        Assert.Equal(77, other.ExitCode);
    }

    [MachineFact]
    public async Task Installing_again_keeps_the_configuration()
    {
        string before = (await Machine.RunAsync("sha256sum", SystemdMachine.Configuration)).Text;
        _ = (await Machine.ShellAsync($"echo '# mine' >> {SystemdMachine.Configuration}; /srv/packaging/systemd/install /srv/artifacts/spiffe-agent")).Text;

        Assert.NotEqual(before, (await Machine.RunAsync("sha256sum", SystemdMachine.Configuration)).Text);
    }
}
