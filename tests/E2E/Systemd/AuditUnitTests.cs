using System.Text.Json;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>The log of the packaged service, in the sandbox of its unit, and what a unit leaves in the journal.</summary>
public sealed class AuditUnitTests(SystemdMachine machine) : MachineTests(machine), IAsyncLifetime
{
    private const string Listing = SystemdMachine.Binary + " task list --ended --output json";

    public async Task InitializeAsync()
    {
        if (new MachineFactAttribute().Skip is not null) return;
        _ = (await Machine.ShellAsync($$"""
            printf '[Service]\nType=oneshot\nExecStart={{SystemdMachine.Binary}} fetch jwt --audience orders\n' > /etc/systemd/system/leaky.service
            printf '[Service]\nType=oneshot\nStandardOutput=null\nExecStart={{SystemdMachine.Binary}} fetch jwt --audience orders\n' > /etc/systemd/system/clean.service
            systemctl daemon-reload
            """)).Text;
        await Machine.ConfigureAsync("""
            trust_domain: example.org
            sockets: { admin: { path: /run/spiffe-agent/admin.sock, mode: "0600" } }
            entries:
              - { id: /web, selectors: [ "unix:uid:1001" ] }
            templates:
              - { name: leaky, owner: data@example.org, start: [ "systemd:id:leaky.service" ], automatic: true, binding: systemd, inherit: cgroup, on_exit: by_status, audiences: [ orders ], residue: { journal: true } }
              - { name: clean, owner: data@example.org, start: [ "systemd:id:clean.service" ], automatic: true, binding: systemd, inherit: cgroup, on_exit: by_status, audiences: [ orders ], residue: { journal: true } }

            """);
        _ = (await Machine.RunAsync("systemctl", "restart", "spiffe-agent")).Text;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [MachineFact]
    public async Task Log_of_the_service_is_its_own_and_verifies_after_a_crash()
    {
        _ = (await Machine.UnitAsync(["User=1001"], SystemdMachine.Binary, "fetch", "x509")).Text;
        string process = await Machine.PropertyAsync("MainPID");
        _ = (await Machine.RunAsync("systemctl", "kill", "-s", "KILL", "spiffe-agent")).Text;
        await Machine.UntilAsync($"[ $(systemctl show -p MainPID --value spiffe-agent) != {process} ] && systemctl -q is-active spiffe-agent");
        _ = (await Machine.RunAsync("systemctl", "stop", "spiffe-agent")).Text;

        Assert.Equal("spiffe-agent 600", (await Machine.RunAsync("stat", "-c", "%U %a", "/var/lib/spiffe-agent/audit/keys/log.key")).Text.Trim());
        Assert.Contains("intact", (await Machine.RunAsync(SystemdMachine.Binary, "audit", "verify")).Text, StringComparison.Ordinal);
        Assert.Contains("spiffe://example.org/web", (await Machine.RunAsync(SystemdMachine.Binary, "audit", "show", "/var/lib/spiffe-agent/audit", "--type", "svid_issued")).Text, StringComparison.Ordinal);
        _ = (await Machine.RunAsync("systemctl", "start", "spiffe-agent")).Text;
    }

    [MachineFact]
    public async Task Token_that_a_unit_leaves_in_the_journal_is_found_and_a_clean_unit_is_not_accused()
    {
        foreach (string unit in (string[])["leaky", "clean"])
        {
            _ = (await Machine.RunAsync("systemctl", "start", $"{unit}.service")).Text;
            await Machine.UntilAsync($"{Listing} --template {unit} | grep -q '\"offboarding\": \"[a-z_]*\"' && ! {Listing} --template {unit} | grep -q '\"offboarding\": \"running\"'");
        }

        Assert.Equal("residue_found", await OutcomeAsync("leaky"));
        Assert.Equal("verified", await OutcomeAsync("clean"));
    }

    private async Task<string> OutcomeAsync(string template)
    {
        using JsonDocument listing = JsonDocument.Parse((await Machine.ShellAsync($"{Listing} --template {template}")).Text);
        return listing.RootElement.GetProperty("tasks")[0].GetProperty("offboarding").GetString()!;
    }
}
