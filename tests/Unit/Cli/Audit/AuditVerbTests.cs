using System.Text;
using System.Text.Json;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Tests.Unit.Audit.Verification;

namespace Spiffe.Agent.Tests.Unit.Cli.Audit;

public sealed class AuditVerbTests : IDisposable
{
    private readonly MadeLog _log = MadeLog.Of(300);
    private readonly TestTerminal _terminal = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Verify_of_an_intact_log_ends_with_0_and_says_what_was_looked_at()
    {
        Assert.Equal(ExitCodes.Done, await RunAsync("verify", _log.Folder, "--key", _log.Key.ToString()));

        string text = _terminal.Out.Text;
        Assert.StartsWith($"{_log.Folder}  intact\n  log           {MadeLog.Origin}\n  entries       300; 300 read, ", text, StringComparison.Ordinal);
        Assert.Contains("2026-11-22 09:00:00 UTC to 2026-11-22 09:04:59 UTC", text, StringComparison.Ordinal);
        Assert.Contains(_log.Key.ToString(), text, StringComparison.Ordinal);
        Assert.Empty(_terminal.Error.Text);
    }

    [Fact]
    public async Task Verify_without_a_key_takes_the_directory_s_own_and_says_what_that_does_not_show()
    {
        Assert.Equal(ExitCodes.Done, await RunAsync("verify", _log.Folder, "--no-replay"));

        Assert.Contains("not who wrote it", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("decisions", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_of_a_changed_log_ends_with_65_and_names_kind_place_and_index()
    {
        Flip("tile/entries/000", "\"credential\":\"0\"", 14);

        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", _log.Folder, "--key", _log.PathOf("log.vkey")));
        Assert.Contains("NOT INTACT: 1 fault", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Contains("entry_changed  tile/entries/000  0 ", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_in_json_tells_the_same()
    {
        Flip("tile/entries/000", "\"credential\":\"0\"", 14);

        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", _log.Folder, "--key", _log.Key.ToString(), "--output", "json"));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        JsonElement fault = json.RootElement.GetProperty("faults")[0];
        Assert.False(json.RootElement.GetProperty("intact").GetBoolean());
        Assert.Equal(("entry_changed", "tile/entries/000", 0), (fault.GetProperty("kind").GetString(), fault.GetProperty("place").GetString(), fault.GetProperty("index").GetInt32()));
        Assert.Equal(300, json.RootElement.GetProperty("size").GetInt32());
        Assert.Equal(JsonValueKind.Array, json.RootElement.GetProperty("replay").GetProperty("violations").ValueKind);
    }

    [Fact]
    public async Task Verify_holds_the_log_against_a_checkpoint_that_was_kept()
    {
        using MadeLog longer = MadeLog.Of(400, signer: _log.Signer);
        string kept = longer.PathOf("checkpoint");

        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", _log.Folder, "--key", _log.Key.ToString(), "--checkpoint", kept));
        Assert.Contains("rollback", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_asks_for_witnesses_where_the_policy_does()
    {
        string policy = _log.PathOf("policy");
        File.WriteAllText(policy, $"log {_log.Key}\nquorum none\n");
        Assert.Equal(ExitCodes.Done, await RunAsync("verify", _log.Folder, "--policy", policy));

        Assert.Equal(ExitCodes.Usage, await RunAsync("verify", _log.Folder, "--policy", policy, "--key", _log.Key.ToString()));
    }

    [Fact]
    public async Task Violations_of_what_entries_say_end_with_65_too()
    {
        _log.Add(RecordTypes.TaskIssued, new RecordFields().Add("task", "01JDOESNOTEXIST").Add("credential_kind", "jwt").Add("credential", "abc").Add("expires_at", MadeLog.Begin.AddHours(1)).Add("state", "active").Add("id", "spiffe://example.org/x"));
        _log.Publish();

        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", _log.Folder, "--key", _log.Key.ToString()));
        Assert.Contains("violations\n", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await RunAsync("verify", _log.Folder, "--key", _log.Key.ToString(), "--no-replay"));
    }

    [Fact]
    public async Task Show_prints_one_entry_or_those_that_are_asked_for()
    {
        Assert.Equal(ExitCodes.Done, await RunAsync("show", _log.Folder, "12"));
        Assert.Equal("#12  sample  2026-11-22 09:00:12.000 UTC\n  audience      a database \u2713\n  credential    12\n  task          t1\n  uses          12\n", _terminal.Out.Text);

        Assert.Equal(7, await CountAsync("show", _log.Folder, "--task", "t14"));
        Assert.Equal(60, await CountAsync("show", _log.Folder, "--since", "2026-11-22T09:01:00Z", "--until", "2026-11-22T09:02:00Z", "--type", "sample"));
        Assert.Equal(0, await CountAsync("show", _log.Folder, "--type", "task_ended"));
        Assert.Equal(ExitCodes.BadInput, await RunAsync("show", _log.Folder, "300"));
    }

    [Fact]
    public async Task Tail_prints_the_last_entries_also_where_they_lie_far_apart()
    {
        _log.Add("log_gap", new RecordFields().Add("lost", 1));
        for (int i = 0; i < 600; i++) _log.Add();
        _log.Add("log_gap", new RecordFields().Add("lost", 2));
        _log.Publish();

        Assert.Equal((long[])[892L, 893, 894, 895, 896, 897, 898, 899, 900, 901], await SeqsAsync("tail", _log.Folder));
        Assert.Equal((long[])[901L], await SeqsAsync("tail", _log.Folder, "-n", "1"));
        Assert.Equal((long[])[300L, 901], await SeqsAsync("tail", _log.Folder, "-n", "5", "--type", "log_gap"));
        Assert.Empty(await SeqsAsync("tail", _log.Folder, "-n", "0"));
    }

    [Fact]
    public async Task Tail_follows_until_it_is_stopped()
    {
        using CancellationTokenSource stop = new();
        Task<int> tail = _terminal.RunAsync(["audit", "tail", _log.Folder, "-n", "1", "--follow"], stop.Token);
        await _terminal.Out.WaitUntilAsync(text => text.Contains(" 299  ", StringComparison.Ordinal));
        _log.Add();
        _log.Publish();
        await _terminal.Out.WaitUntilAsync(text => text.Contains(" 300  ", StringComparison.Ordinal));
        await stop.CancelAsync();

        Assert.Equal(ExitCodes.Done, await tail);
    }

    [Fact]
    public async Task A_receipt_proves_its_entry_offline_and_no_other()
    {
        string receipt = _log.PathOf("12.tlog-proof"), entry = _log.PathOf("entry");
        Assert.Equal(ExitCodes.Done, await RunAsync("prove", _log.Folder, "12", "--out", receipt));
        File.WriteAllBytes(entry, _log.Entries[12]);

        Assert.Equal(ExitCodes.Done, await RunAsync("verify", "--proof", receipt, "--entry", entry, "--key", _log.Key.ToString()));
        Assert.Equal($"entry 12 is in the log {MadeLog.Origin}, of 300 entries then\n", _terminal.Out.Text);
        File.WriteAllBytes(entry, _log.Entries[13]);
        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", "--proof", receipt, "--entry", entry, "--key", _log.Key.ToString()));
        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", "--proof", receipt, "--entry", entry));
        Assert.Equal(ExitCodes.Usage, await RunAsync("verify", "--proof", receipt));
        Assert.Equal(ExitCodes.CannotCreate, await RunAsync("prove", _log.Folder, "12", "--out", receipt));
        Assert.Equal(ExitCodes.BadInput, await RunAsync("prove", _log.Folder, "300"));
        Assert.Equal(ExitCodes.Usage, await RunAsync("prove", _log.Folder));
    }

    [Fact]
    public async Task No_receipt_is_made_where_the_tiles_do_not_lead_to_the_checkpoint()
    {
        byte[] tile = File.ReadAllBytes(_log.PathOf("tile/0/000"));
        tile[3] ^= 1;
        File.WriteAllBytes(_log.PathOf("tile/0/000"), tile);

        Assert.Equal(ExitCodes.BadInput, await RunAsync("prove", _log.Folder, "12"));
        Assert.Contains("do not lead to the checkpoint", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Empty(_terminal.Out.Text);
    }

    [Fact]
    public async Task Nothing_in_a_log_writes_into_the_terminal()
    {
        _terminal.IsStyled = false;
        _log.Add("task_refused", new RecordFields().Add("cause", "\e[2J\u202e\u0007 gone"));
        _log.Publish();
        File.WriteAllText(_log.PathOf("tile/\e[31mred"), "");

        await RunAsync("verify", _log.Folder, "--key", _log.Key.ToString());
        Assert.Contains("tile/\\u{1b}[31mred", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", _terminal.Out.Text + _terminal.Error.Text, StringComparison.Ordinal);
        await RunAsync("show", _log.Folder, "300");
        Assert.Contains("\\u{1b}[2J\\u{202e}\\u{7} gone", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_a_log_is_bad_input()
    {
        foreach (string verb in new[] { "show", "tail", "verify" }) Assert.Equal(ExitCodes.BadInput, await RunAsync(verb, _log.PathOf("tile")));

        Assert.Equal(ExitCodes.BadInput, await RunAsync("verify", _log.PathOf("tile"), "--key", _log.Key.ToString()));
        Assert.Contains("checkpoint_missing", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_says_that_entries_are_missing_and_shows_the_others()
    {
        File.Delete(_log.PathOf(TilePath.Entries(0)));

        Assert.Equal(ExitCodes.BadInput, await RunAsync("show", _log.Folder));
        Assert.StartsWith("#256", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Contains("256 entries could not be read", _terminal.Error.Text, StringComparison.Ordinal);
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        _terminal.Out.Clear();
        _terminal.Error.Clear();
        return await _terminal.RunAsync(["audit", .. arguments]);
    }

    private async Task<int> CountAsync(params string[] arguments) => (await SeqsAsync(arguments)).Length;

    private async Task<long[]> SeqsAsync(params string[] arguments)
    {
        Assert.Equal(ExitCodes.Done, await RunAsync([.. arguments, "--output", "json"]));
        return [.. _terminal.Out.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => RecordEntry.TryRead(Encoding.UTF8.GetBytes(line), out RecordEntry? entry, out string fault) ? entry.Seq : throw new FormatException(fault))];
    }

    private void Flip(string path, string text, int behind)
    {
        byte[] bytes = File.ReadAllBytes(_log.PathOf(path));
        bytes[bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) + behind] ^= 1;
        File.WriteAllBytes(_log.PathOf(path), bytes);
    }
}
