using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class EntryVerbTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task List_shows_entries_in_a_table_with_their_origin()
    {
        ListEntriesRequest? asked = null;
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().ServerStreaming<ListEntriesRequest, Entry>("ListEntries", ListEntriesRequest.Parser, async (request, stream, _) =>
        {
            asked = request;
            await stream.WriteAsync(Web());
            await stream.WriteAsync(new Entry { Name = "b", SpiffeId = "spiffe://example.org/b", Selectors = { "unix:uid:1\e[31m" }, Origin = "/etc/agent.yaml:7", OriginKind = "file" });
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "list", "--id", "/web", "--selector", "unix:uid:1", "--origin", "admin"));

        Assert.Equal(("/web", "unix:uid:1", "admin", false), (asked!.Id, Assert.Single(asked.Selectors), asked.OriginKind, asked.ShowSecrets));
        Assert.Equal(
            """
              NAME                  SPIFFE ID                 SELECTORS                    ORIGIN
              0123456789abcdef0123  spiffe://example.org/web  unix:uid:1001, systemd:id:w  admin socket
              b                     spiffe://example.org/b    unix:uid:1\u{1b}[31m         /etc/agent.yaml:7

            2 entries, 1 of them over the admin socket

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task Without_entries_list_says_what_that_means()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().ServerStreaming<ListEntriesRequest, Entry>("ListEntries", ListEntriesRequest.Parser, (_, _, _) => Task.CompletedTask));

        await RunAsync(agent, "list");
        await RunAsync(agent, "list", "--id", "/x");

        Assert.StartsWith("no entries: nobody earns an identity", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.EndsWith("no such entries\n", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_in_json_has_every_field()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<GetEntryRequest, Entry>("GetEntry", GetEntryRequest.Parser, (request, _) => Task.FromResult(request.ShowSecrets ? Web() : new Entry())));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "show", "0123", "--show-secrets", "--output", "json"));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal(
            ["entry_id", "spiffe_id", "selectors", "x509_ttl_seconds", "jwt_ttl_seconds", "wit_ttl_seconds", "dns_names", "hint", "priority", "origin", "origin_kind"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1800, json.RootElement.GetProperty("x509_ttl_seconds").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("jwt_ttl_seconds").ValueKind);
    }

    [Fact]
    public async Task Add_sends_the_flags_as_written_and_says_where_the_entry_is_kept()
    {
        AddEntriesRequest? asked = null;
        await using FakeAgent agent = await AdderAsync(request => asked = request, "");

        Assert.Equal(ExitCodes.Done, await RunAsync(
            agent, "add", "--id", "/web", "--selector", "unix:uid:1001", "--selector", "systemd:id:w", "--x509-ttl", "30m", "--dns-name", "a", "--dns-name", "b", "--hint", "h", "--priority", "-3"));

        EntrySpec spec = Assert.Single(asked!.Entries);
        Assert.Equal(("/web", "30m", "h", "-3"), (spec.Id, spec.X509Ttl, spec.Hint, spec.Priority));
        Assert.Equal(["unix:uid:1001", "systemd:id:w"], spec.Selectors);
        Assert.Equal(["a", "b"], spec.DnsNames);
        Assert.Equal(
            """
            spiffe://example.org/web  added
              entry         0123456789abcdef0123
              origin        admin socket
              selectors     unix:uid:1001
                            systemd:id:w
              dns names     web.example.org
              X.509 lives   30 minutes
              hint          internal
              priority      10

            in memory only: gone when the agent stops; to keep such entries, name an entries_file in the configuration

            """,
            _terminal.Out.Text);
        Assert.Equal("warning: --selector 'unix:uid:1001' is odd; stop it\n", _terminal.Error.Text);
    }

    [Fact]
    public async Task Add_carries_a_file_as_it_is()
    {
        AddEntriesRequest? asked = null;
        await using FakeAgent agent = await AdderAsync(request => asked = request, "/var/lib/entries.yaml");
        _terminal.Input = "entries: [ ${X} ]";

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "add", "--file", "-"));

        Assert.Equal("entries: [ ${X} ]", asked!.Document.ToStringUtf8());
        Assert.EndsWith("kept in /var/lib/entries.yaml\n", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_is_named_by_its_flag()
    {
        await using FakeAgent agent = await RefuserAsync(
            StatusCode.InvalidArgument,
            new EntryFault { Key = "entries[0].selectors[1]", Value = "x\e", Problem = "is not a selector", Remedy = "write one" },
            new EntryFault { Key = "entries[0].x509_ttl", Value = "9h", Problem = "is too long", Remedy = "write less" },
            new EntryFault { Key = "entries[0]", Value = "spiffe://example.org/web", Problem = "exists", Remedy = "update it" });

        Assert.Equal(ExitCodes.BadInput, await RunAsync(agent, "add", "--id", "/web", "--selector", "x"));

        Assert.Equal(
            """
            spiffe-agent: --selector 'x\u{1b}' is not a selector: write one
            spiffe-agent: --x509-ttl '9h' is too long: write less
            spiffe-agent: 'spiffe://example.org/web' exists: update it

            """,
            _terminal.Error.Text);
    }

    [Fact]
    public async Task Every_fault_of_a_file_is_named_by_its_place()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "entries: []");
        await using FakeAgent agent = await RefuserAsync(
            StatusCode.InvalidArgument, new EntryFault { Key = "entries[0].id", Line = 3, Column = 5, Value = "x", Problem = "is no id", Remedy = "write one" }, new EntryFault { Problem = "is odd", Remedy = "mend it" });

        Assert.Equal(ExitCodes.BadInput, await RunAsync(agent, "add", "--file", file));

        Assert.Equal($"{file}:3:5: entries[0].id: 'x' is no id; write one\n{file}: is odd; mend it\n", _terminal.Error.Text);
        File.Delete(file);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, ExitCodes.BadInput)]
    [InlineData(StatusCode.AlreadyExists, ExitCodes.BadInput)]
    [InlineData(StatusCode.FailedPrecondition, ExitCodes.BadInput)]
    [InlineData(StatusCode.ResourceExhausted, ExitCodes.Unavailable)]
    [InlineData(StatusCode.Aborted, ExitCodes.CannotCreate)]
    [InlineData(StatusCode.PermissionDenied, ExitCodes.PermissionDenied)]
    public async Task A_refusal_ends_with_the_code_of_its_reason(StatusCode status, int exitCode)
    {
        await using FakeAgent agent = await RefuserAsync(status, new EntryFault { Problem = "no", Remedy = "yes" });

        Assert.Equal(exitCode, await RunAsync(agent, "add", "--id", "/web", "--selector", "x"));
        Assert.Equal("spiffe-agent: no: yes\n", _terminal.Error.Text);
    }

    [Fact]
    public async Task Update_names_what_changes_and_what_goes_away()
    {
        UpdateEntryRequest? asked = null;
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<UpdateEntryRequest, EntriesChanged>("UpdateEntry", UpdateEntryRequest.Parser, (request, _) =>
        {
            asked = request;
            return Task.FromResult(new EntriesChanged { Entries = { Web() } });
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "update", "0123", "--selector", "unix:uid:5", "--jwt-ttl", "1m", "--unset", "hint", "--unset", "dns-name"));

        Assert.Equal(["selectors", "jwt_ttl", "hint", "dns_names"], asked!.UpdateMask.Paths);
        Assert.Equal(("0123", "1m", ""), (asked.Name, asked.Entry.JwtTtl, asked.Entry.Hint));
    }

    [Fact]
    public async Task Remove_takes_names_or_an_id()
    {
        List<RemoveEntriesRequest> asked = [];
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().Unary<RemoveEntriesRequest, EntriesChanged>("RemoveEntries", RemoveEntriesRequest.Parser, (request, _) =>
        {
            asked.Add(request);
            return Task.FromResult(new EntriesChanged { Entries = { Web() } });
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "remove", "01", "ab"));
        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "remove", "--id", "/web", "--all"));

        Assert.Equal(["01", "ab"], asked[0].Names);
        Assert.Equal(("/web", true), (asked[1].Id, asked[1].All));
        Assert.EndsWith("1 entry removed\n", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add")]
    [InlineData("add", "--file", "x", "--id", "/a")]
    [InlineData("update")]
    [InlineData("update", "n")]
    [InlineData("update", "n", "--unset", "id")]
    [InlineData("update", "n", "--unset", "hint", "--hint", "h")]
    [InlineData("remove")]
    [InlineData("remove", "n", "--id", "/a")]
    [InlineData("remove", "n", "--all")]
    [InlineData("list", "--origin", "elsewhere")]
    public async Task Usage_that_cannot_be_meant_ends_with_64_and_asks_nobody(params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await _terminal.RunAsync(["entry", .. args, "--admin-socket", "unix:///nowhere"]));
        Assert.StartsWith("spiffe-agent: usage: ", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_bad_input()
    {
        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["entry", "add", "--file", "/nowhere/e.yaml", "--admin-socket", "unix:///nowhere"]));
        Assert.Equal("spiffe-agent: --file: /nowhere/e.yaml: does not exist: check the path\n", _terminal.Error.Text);
    }

    private Task<int> RunAsync(FakeAgent agent, params string[] args) => _terminal.RunAsync(["entry", .. args, "--admin-socket", agent.Uri]);

    private static Entry Web() => new()
    {
        Name = "0123456789abcdef0123",
        SpiffeId = "spiffe://example.org/web",
        Selectors = { "unix:uid:1001", "systemd:id:w" },
        X509Ttl = Duration.FromTimeSpan(TimeSpan.FromMinutes(30)),
        DnsNames = { "web.example.org" },
        Hint = "internal",
        Priority = 10,
        Origin = "admin",
        OriginKind = "admin",
    };

    private static Task<FakeAgent> AdderAsync(Action<AddEntriesRequest> remember, string keptIn) => FakeAgent.StartAsync(
        FakeAgent.Admin().Unary<AddEntriesRequest, EntriesChanged>("AddEntries", AddEntriesRequest.Parser, (request, _) =>
        {
            remember(request);
            EntryFault warning = new() { Key = "entries[0].selectors[0]", Value = "unix:uid:1001", Problem = "is odd", Remedy = "stop it" };
            return Task.FromResult(new EntriesChanged { Entries = { Web() }, KeptIn = keptIn, Warnings = { warning } });
        }));

    private static Task<FakeAgent> RefuserAsync(StatusCode status, params EntryFault[] faults) => FakeAgent.StartAsync(
        FakeAgent.Admin().Unary<AddEntriesRequest, EntriesChanged>("AddEntries", AddEntriesRequest.Parser, (_, _) =>
            throw new RpcException(new Spiffe.Agent.Rpc.Status(status, "refused"), (IReadOnlyList<IMessage>)[new EntryFaults { Faults = { faults } }])));
}
