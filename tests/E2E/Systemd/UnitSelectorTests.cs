using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>Processes are known by the units they are in, and by no other unit's name that somebody gives a cgroup of his own.</summary>
public sealed class UnitSelectorTests(SystemdMachine machine) : MachineTests(machine), IAsyncLifetime
{
    private const string Fetch = SystemdMachine.Binary + " fetch x509 --output json";
    private const string Victim = "1111111111111111111111111111111111111111111111111111111111111111";

    public async Task InitializeAsync()
    {
        if (new MachineFactAttribute().Skip is not null || await Machine.PropertyAsync("ActiveState") is "active") return;
        _ = (await Machine.ShellAsync($$"""
            unit() { printf '[Service]\nType=oneshot\nUser=1001\nStandardOutput=truncate:/run/%s.json\nStandardError=null\nExecStart={{Fetch}}\n' "$2" > "$1"; }
            unit /etc/systemd/system/framed.service framed
            unit /etc/systemd/system/shop@.service shop-%i
            useradd --create-home --uid 1777 u1777
            mkdir -p /home/u1777/.config/systemd/user
            printf '[Service]\nType=oneshot\nStandardOutput=truncate:/run/user/1777/web.json\nExecStart={{Fetch}}\n' > /home/u1777/.config/systemd/user/web.service
            chown -R u1777: /home/u1777; chmod 0755 /home/u1777
            cat > /usr/local/bin/fetch-below <<'END'
            #!/bin/bash -eu
            # In a cgroup of this name, made below one's own.
            own=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
            mkdir -p "$own/$1"; echo $$ > "$own/$1/cgroup.procs"
            grep -q "/$1\$" /proc/self/cgroup || exit 99
            exec {{Fetch}}
            END
            chmod 0755 /usr/local/bin/fetch-below
            systemctl daemon-reload; loginctl enable-linger u1777
            """)).Text;
        await Machine.UntilAsync("systemctl -q is-active user@1777.service && [ -S /run/user/1777/systemd/private ]");
        await Machine.ServeAsync($$"""
            entries:
              - { id: /web, selectors: [ "systemd:id:web.service" ] }
              - { id: /framed, selectors: [ "systemd:fragment_path:/etc/systemd/system/framed.service" ] }
              - { id: /shop-blue, selectors: [ "systemd:template:shop@.service", "systemd:instance:blue" ] }
              - { id: /tenant, selectors: [ "systemd:slice:tenant-a.slice" ] }
              - { id: /job, selectors: [ "systemd:id:job.scope" ] }
              - { id: /victim, selectors: [ "systemd:id:docker-{{Victim}}.scope" ] }
              - { id: /delegate, selectors: [ "systemd:id:delegate.service" ] }
              - { id: /of-user, selectors: [ "systemd:user_unit:1777:web.service" ] }
              - { id: /by-uid, selectors: [ "unix:uid:4321" ] }
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [MachineFact]
    public async Task Service_gets_the_identity_of_its_unit_whoever_it_runs_as()
    {
        X509Fetch.Of(await FetchInAsync("web.service", "DynamicUser=yes")).HasOneValidSvid("spiffe://example.org/web");
        X509Fetch.Of(await FetchInAsync("web.service", "User=1002")).HasOneValidSvid("spiffe://example.org/web");
        AssertDenied(await FetchInAsync("other.service", "User=1002"));
        AssertDenied(await FetchInAsync("web.service.service", "User=1002"));
    }

    [MachineFact]
    public async Task Service_is_known_by_the_file_that_defines_it()
    {
        CommandResult result = await Machine.ShellAsync("systemctl start framed.service; cat /run/framed.json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/framed");
    }

    [MachineFact]
    public async Task Instances_of_a_template_are_told_apart()
    {
        CommandResult blue = await Machine.ShellAsync("systemctl start shop@blue.service; cat /run/shop-blue.json");
        CommandResult green = await Machine.ShellAsync("systemctl start shop@green.service || :; cat /run/shop-green.json");

        X509Fetch.Of(blue).HasOneValidSvid("spiffe://example.org/shop-blue");
        Assert.Empty(green.Text);
    }

    [MachineFact]
    public async Task Units_of_a_slice_share_its_identity()
    {
        X509Fetch.Of(await FetchX509Async("User=1002", "Slice=tenant-a.slice")).HasOneValidSvid("spiffe://example.org/tenant");
        AssertDenied(await FetchX509Async("User=1002", "Slice=tenant-b.slice"));
        AssertDenied(await FetchX509Async("User=1002", "Slice=tenant-a-b.slice"));
    }

    [MachineFact]
    public async Task Scope_that_root_makes_is_known_by_its_name()
    {
        CommandResult job = await Machine.ShellAsync($"systemd-run -q --scope --unit=job.scope --uid=1002 {Fetch}");
        CommandResult container = await Machine.ShellAsync($"systemd-run -q --scope --unit=docker-{Victim}.scope {Fetch}");

        X509Fetch.Of(job).HasOneValidSvid("spiffe://example.org/job");
        X509Fetch.Of(container).HasOneValidSvid("spiffe://example.org/victim"); // As SPIRE has it: the scope is a unit, whatever is in it.
    }

    [MachineFact]
    public async Task Names_that_a_service_gives_cgroups_below_its_own_earn_nothing()
    {
        string[] names = ["web.service", "system.slice/web.service", $"docker-{Victim}.scope", "job.scope"];
        foreach (string name in names)
        {
            CommandResult result = await Machine.RunAsync(
                "systemd-run", "--quiet", "--wait", "--pipe", "--collect", "--unit=delegate.service", "-p", "User=1001", "-p", "Delegate=yes", "/usr/local/bin/fetch-below", name);

            X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/delegate");
        }
    }

    [MachineFact]
    public async Task Users_own_unit_has_a_selector_with_the_uid_and_not_the_machines()
    {
        CommandResult result = await AsUserAsync("systemctl --user start web.service; cat /run/user/1777/web.json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/of-user");
    }

    [MachineFact]
    public async Task Names_that_a_user_gives_cgroups_in_his_own_session_earn_nothing_of_the_machines()
    {
        foreach (string name in (string[])["job.scope", $"docker-{Victim}.scope", "system.slice/web.service", "tenant-a.slice"])
        {
            CommandResult result = await AsUserAsync($$"""
                printf '%s\n' '[Service]' Type=oneshot Delegate=yes StandardOutput=truncate:/run/user/1777/below.json StandardError=null \
                  'ExecStart=/usr/local/bin/fetch-below {{name}}' > ~/.config/systemd/user/below.service
                systemctl --user daemon-reload; systemctl --user start below.service 2>/dev/null || :
                systemctl --user show -P ExecMainStatus below.service; cat /run/user/1777/below.json
                """);

            Assert.Equal("77", result.Text); // Denied, and nothing printed.
        }
    }

    [MachineFact]
    public async Task Process_cannot_move_into_anothers_unit_and_one_that_root_moved_out_is_in_it_no_more()
    {
        _ = (await Machine.ShellAsync("systemd-run -q --unit=web.service -p User=1002 sleep 600; systemd-run -q --unit=elsewhere.service -p User=1002 sleep 600")).Text;
        try
        {
            CommandResult intruder = await Machine.UnitAsync(["User=1002", "Delegate=yes"], "bash", "-c", "echo $$ > /sys/fs/cgroup/system.slice/web.service/cgroup.procs");
            Assert.NotEqual(0, intruder.ExitCode);

            string process = await Machine.PropertyAsync("MainPID", "web.service");
            Assert.Contains("systemd:id:web.service", await SelectorsAsync(process));
            _ = (await Machine.ShellAsync($"echo {process} > /sys/fs/cgroup/system.slice/elsewhere.service/cgroup.procs")).Text;

            string[] moved = await SelectorsAsync(process);
            Assert.DoesNotContain("systemd:id:web.service", moved);
            Assert.Contains("systemd:id:elsewhere.service", moved);
        }
        finally
        {
            _ = await Machine.ShellAsync("systemctl stop web.service elsewhere.service");
        }
    }

    [MachineFact]
    public async Task Every_selector_of_a_unit_is_what_systemctl_says()
    {
        _ = (await Machine.ShellAsync(@"systemd-run -q --unit='cell@a-\x2db.service' -p Slice=tenant-b.slice sleep 600")).Text;
        const string Unit = @"cell@a-\x2db.service";
        try
        {
            string[] selectors = await SelectorsAsync(await Machine.PropertyAsync("MainPID", Unit));

            Assert.Equal(
                [
                    $"systemd:fragment_path:{await Machine.PropertyAsync("FragmentPath", Unit)}", $"systemd:id:{Unit}", @"systemd:instance:a-\x2db",
                    $"systemd:invocation_id:{await Machine.PropertyAsync("InvocationID", Unit)}", "systemd:slice:tenant-b.slice", "systemd:template:cell@.service",
                ],
                selectors.Where(selector => selector.StartsWith("systemd:", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }
        finally
        {
            _ = await Machine.RunAsync("systemctl", "stop", Unit);
        }
    }

    [MachineFact]
    public async Task Restarted_service_has_another_invocation()
    {
        _ = (await Machine.ShellAsync("systemd-run -q --unit=again.service sleep 600")).Text;
        try
        {
            string[] before = await SelectorsAsync(await Machine.PropertyAsync("MainPID", "again.service"));
            _ = (await Machine.RunAsync("systemctl", "restart", "again.service")).Text;
            string[] after = await SelectorsAsync(await Machine.PropertyAsync("MainPID", "again.service"));

            Assert.NotEqual(Assert.Single(before, IsInvocation), Assert.Single(after, IsInvocation));
        }
        finally
        {
            _ = await Machine.RunAsync("systemctl", "stop", "again.service");
        }

        static bool IsInvocation(string selector) => selector.StartsWith("systemd:invocation_id:", StringComparison.Ordinal);
    }

    [MachineFact]
    public async Task Bus_that_hangs_costs_only_who_is_in_a_unit_and_is_asked_again_when_it_is_back()
    {
        // Root puts a process of uid 4321 into a cgroup that is no unit's.
        const string OutsideUnits = $"""
            mkdir -p /sys/fs/cgroup/outside; echo $$ > /sys/fs/cgroup/outside/cgroup.procs
            exec setpriv --reuid=4321 --regid=4321 --clear-groups {Fetch} --timeout 2s
            """;
        _ = (await Machine.ShellAsync("pkill -STOP -x dbus-daemon")).Text;
        try
        {
            X509Fetch.Of(await Machine.ShellAsync(OutsideUnits)).HasOneValidSvid("spiffe://example.org/by-uid");
            CommandResult inUnit = await Machine.ShellAsync($"{Fetch} --timeout 10s"); // In init.scope.
            Assert.NotEqual(0, inUnit.ExitCode);
            Assert.Empty(inUnit.Output);
        }
        finally
        {
            _ = (await Machine.ShellAsync("pkill -CONT -x dbus-daemon")).Text;
        }

        X509Fetch.Of(await FetchInAsync("web.service", "User=1002")).HasOneValidSvid("spiffe://example.org/web");
    }

    private Task<CommandResult> FetchInAsync(string unit, string property) =>
        Machine.RunAsync("systemd-run", "--quiet", "--wait", "--pipe", "--collect", $"--unit={unit}", "-p", property, "bash", "-c", Fetch);

    private Task<CommandResult> AsUserAsync(string lines) => Machine.RunAsync(
        "setpriv", "--reuid=1777", "--regid=1777", "--clear-groups", "env", "HOME=/home/u1777", "XDG_RUNTIME_DIR=/run/user/1777", "bash", "-euc", lines);

    /// <summary>What <c>explain</c> finds of a process.</summary>
    private async Task<string[]> SelectorsAsync(string process)
    {
        Assert.True(int.Parse(process, CultureInfo.InvariantCulture) > 0);
        string answer = (await Machine.RunAsync(SystemdMachine.Binary, "explain", process, "--output", "json")).Text;
        return [.. JsonDocument.Parse(answer).RootElement.GetProperty("evidence").EnumerateArray().Select(evidence => evidence.GetProperty("selector").GetString()!)];
    }

    private static void AssertDenied(CommandResult result)
    {
        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Empty(result.Output);
    }
}
