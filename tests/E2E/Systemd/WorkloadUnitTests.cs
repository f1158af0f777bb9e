using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>Units fetch identities by what the kernel says of their processes.</summary>
public sealed class WorkloadUnitTests(SystemdMachine machine) : MachineTests(machine), IAsyncLifetime
{
    private const string Client = "/home/batch/bin/client";

    public async Task InitializeAsync()
    {
        if (new MachineFactAttribute().Skip is not null || await Machine.PropertyAsync("ActiveState") is "active") return;
        _ = (await Machine.ShellAsync($"install -D -m 0755 {SystemdMachine.Binary} {Client}; groupadd -g 2001 readers")).Text;
        string hash = (await Machine.ShellAsync($"sha256sum {Client} | cut -d' ' -f1")).Text;
        await Machine.ServeAsync($$"""
            entries:
              - { id: /web, selectors: [ "unix:uid:1001" ] }
              - { id: /batch, selectors: [ "unix:path:{{Client}}" ] }
              - { id: /sealed, selectors: [ "unix:uid:1002", "unix:sha256:{{hash}}" ] }
              - { id: /reader, selectors: [ "unix:uid:1003", "unix:supplementary_group:readers" ] }
            """);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [MachineFact]
    public async Task Service_gets_an_x509_svid_by_the_uid_it_runs_as()
    {
        CommandResult result = await FetchX509Async("User=1001");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/web");
    }

    [MachineFact]
    public async Task Service_gets_a_jwt_svid_that_others_can_validate()
    {
        CommandResult fetched = await Machine.ShellAsync(
            $"systemd-run -q --wait --pipe -p User=1001 {SystemdMachine.Binary} fetch jwt --audience db --output json");
        string token = JwtFetch.Of(fetched).TokenOf("spiffe://example.org/web");

        CommandResult accepted = await Machine.UnitAsync(["User=1001"], SystemdMachine.Binary, "validate", "jwt", "--audience", "db", token);
        CommandResult elsewhere = await Machine.UnitAsync(["User=1001"], SystemdMachine.Binary, "validate", "jwt", "--audience", "other", token);

        Assert.Contains("spiffe://example.org/web", accepted.Text, StringComparison.Ordinal);
        Assert.Equal(65, elsewhere.ExitCode);
    }

    [MachineFact]
    public async Task Service_with_a_dynamic_user_is_known_by_the_path_of_its_program()
    {
        CommandResult result = await Machine.UnitAsync(["DynamicUser=yes"], Client, "fetch", "x509", "--output", "json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/batch");
    }

    [MachineFact]
    public async Task Program_in_a_home_that_the_daemon_cannot_see_is_hashed_all_the_same()
    {
        _ = (await Machine.ShellAsync("install -d -m 0700 -o 1002 /home/sealed; install -m 0500 -o 1002 " + Client + " /home/sealed/client")).Text;

        CommandResult result = await Machine.UnitAsync(["User=1002"], "/home/sealed/client", "fetch", "x509", "--output", "json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/sealed");
    }

    [MachineFact]
    public async Task Altered_program_is_not_taken_for_the_one_that_was_described()
    {
        _ = (await Machine.ShellAsync($"install -m 0755 {Client} /usr/local/bin/altered; echo >> /usr/local/bin/altered")).Text;

        CommandResult result = await Machine.UnitAsync(["User=1002"], "/usr/local/bin/altered", "fetch", "x509", "--output", "json");

        AssertDenied(result);
    }

    [MachineFact]
    public async Task Supplementary_group_of_the_unit_decides()
    {
        AssertDenied(await FetchX509Async("User=1003"));

        X509Fetch.Of(await FetchX509Async("User=1003", "SupplementaryGroups=readers")).HasOneValidSvid("spiffe://example.org/reader");
    }

    [MachineFact]
    public async Task User_that_no_entry_describes_is_denied_every_credential()
    {
        AssertDenied(await FetchX509Async("User=4321"));
        AssertDenied(await FetchX509Async("User=root"));
        AssertDenied(await FetchX509Async("DynamicUser=yes"));
        AssertDenied(await Machine.UnitAsync(["User=4321"], SystemdMachine.Binary, "fetch", "jwt", "--audience", "db", "--output", "json"));
        AssertDenied(await Machine.UnitAsync(["User=4321"], SystemdMachine.Binary, "fetch", "wit", "--output", "json"));
    }

    [MachineFact]
    public async Task Journal_holds_no_key_and_no_token_that_was_fetched()
    {
        X509Fetch svids = X509Fetch.Of(await FetchX509Async("User=1001"));
        JwtFetch tokens = JwtFetch.Of(await Machine.UnitAsync(["User=1001"], SystemdMachine.Binary, "fetch", "jwt", "--audience", "db", "--output", "json"));
        _ = (await Machine.ShellAsync($"journalctl --sync; journalctl --all -o export > /tmp/journal; grep -q 'spiffe-agent' /tmp/journal")).Text;

        foreach (string secret in (string[])[.. svids.Secrets, .. tokens.Secrets, "PRIVATE KEY"])
        {
            CommandResult found = await Machine.RunAsync("grep", "-caF", "-e", secret, "/tmp/journal");
            Assert.Equal("0", found.Output.Trim());
        }
    }

    private static void AssertDenied(CommandResult result)
    {
        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Empty(result.Output);
    }
}
