using System.Text.Json;
using System.Text.RegularExpressions;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>Batch jobs that know nothing of tasks: each run of the unit is one. The files are those of <c>examples/tasks/pipeline</c>.</summary>
public sealed partial class TaskUnitTests(SystemdMachine machine) : MachineTests(machine), IAsyncLifetime
{
    private const string Listing = SystemdMachine.Binary + " task list --ended --output json";

    public async Task InitializeAsync()
    {
        if (new MachineFactAttribute().Skip is not null || await Machine.PropertyAsync("ActiveState") is "active") return;
        _ = (await Machine.ShellAsync($$"""
            cp /srv/examples/tasks/pipeline/orders.service /srv/examples/tasks/pipeline/orders.timer /etc/systemd/system/
            drop() { mkdir -p "/etc/systemd/system/$1.d"; printf '%b' "$2" > "/etc/systemd/system/$1.d/test.conf"; }
            drop orders.service '[Service]\nStandardOutput=append:/run/orders.out\n'
            drop orders.timer '[Timer]\nOnCalendar=\nOnActiveSec=100ms\nOnUnitInactiveSec=500ms\nAccuracySec=100ms\n'
            printf '[Service]\nStandardOutput=truncate:/run/follow.out\nExecStart={{SystemdMachine.Binary}} fetch x509 --watch\n' > /etc/systemd/system/follow.service
            systemctl daemon-reload
            """)).Text;
        await Machine.ConfigureAsync(await File.ReadAllTextAsync(Repository.Locate("examples/tasks/pipeline/agent.yaml")) + """
              - { name: follow, owner: data, start: [ "systemd:id:follow.service" ], automatic: true, binding: systemd, inherit: cgroup, on_exit: by_status }

            """);
        _ = (await Machine.RunAsync("systemctl", "restart", "spiffe-agent")).Text;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [MachineFact]
    public async Task Each_run_of_a_timer_is_a_task_of_its_own_that_ends_with_the_run()
    {
        _ = (await Machine.RunAsync("systemctl", "start", "orders.timer")).Text;
        await Machine.UntilAsync($"[ $({Listing} --template pipeline --state completed | grep -c '\"task_id\"') -ge 2 ]");
        _ = (await Machine.RunAsync("systemctl", "stop", "orders.timer", "orders.service")).Text;

        string[] said = [.. TaskId().Matches((await Machine.ShellAsync("grep '^spiffe://' /run/orders.out")).Text).Select(match => match.Groups[1].Value)];
        string[] completed = await TasksAsync("pipeline", "completed");

        Assert.True(completed.Length >= 2);
        Assert.Equal(completed.Length, completed.Distinct(StringComparer.Ordinal).Count());
        Assert.All(completed, id => Assert.Single(said, id));
    }

    [MachineFact]
    public async Task Unit_that_is_killed_is_a_task_that_has_failed()
    {
        _ = (await Machine.RunAsync("systemctl", "start", "follow.service")).Text;
        await Machine.UntilAsync("grep -q /agent/follow/task/ /run/follow.out");
        string live = Assert.Single(await TasksAsync("follow", "active"));

        _ = (await Machine.RunAsync("systemctl", "kill", "--signal", "KILL", "follow.service")).Text;
        await Machine.UntilAsync($"{Listing} --template follow --state failed | grep -q '\"task_id\"'");

        Assert.Equal(live, Assert.Single(await TasksAsync("follow", "failed")));
    }

    private async Task<string[]> TasksAsync(string template, string state)
    {
        using JsonDocument list = JsonDocument.Parse((await Machine.ShellAsync($"{Listing} --template {template} --state {state}")).Text);
        return [.. list.RootElement.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("task_id").GetString()!)];
    }

    [GeneratedRegex("/agent/[a-z]+/task/([a-z2-7]{26})")]
    private static partial Regex TaskId();
}
