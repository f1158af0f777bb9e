using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Tests.Unit.Issuance.Inventory;

namespace Spiffe.Agent.Tests.Unit.Cli.Inventory;

public sealed class InventoryVerbTests : IDisposable
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inventory-test-");
    private readonly FakeInventoryLog _log = new();
    private readonly TestTerminal _terminal = new();

    private string SignedFile => Path.Combine(_folder.FullName, "signed.json");

    public void Dispose()
    {
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Inventory_is_laid_out_for_people()
    {
        await using FakeAgent agent = await AgentAsync();
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["inventory", "--admin-socket", agent.Uri]));
        Assert.Equal(
            """
            inventory of example.org  taken just now
              agent         0.1.0, process 4242
              counted since 2 hours ago (2026-03-04 10:00:00 UTC)
              log           example.org/audit: 42 entries, can be written
              identities    1 of entries
              tasks         2 live: 1 active, 1 suspended
              standing      2

            identities that entries give
              SPIFFE ID                 ENTRY  CALLS  STREAMS  SVIDS
              spiffe://example.org/web  w1     3      2        x509 in 29 minutes, jwt in 4 minutes

            task aaaaaaaa  review  active
              owner         team-a
              is for        reviews changes: read pull request 7
              ticket        OPS-7
              on behalf of  https://ci alice
              done by       process 77, user 1001, /usr/bin/review \u{1b}]0;x
              comes from    spiffe://example.org/agent/plan/task/x
              subtasks      1
              left          3 minutes (idle), 5 minutes (lease), 1 hour (deadline)
              last used     1 minute ago
              withheld      2 actions
              waits for     approval ap-1: may it comment?
              credentials   x509 in 5 minutes
              rights        1 used, 1 unused
                            2 uses, 1 left:  repo: read at https://git.example/x
                            unused:  repo: comment

            task bbbbbbbb  review  suspended: an operator said so
              owner         team-a
              done by       process 78, user 1001
              left          over (lease), 1 hour (deadline)
              credentials   3
              rights        0 used, 4 unused
              shown in brief: there are too many large tasks

            ended  as far as it is remembered
              TASK      TEMPLATE  OWNER   ENDED          STATE      REVOKED  RIGHTS USED  WHAT REMAINS
              cccccccc  review    team-a  9 minutes ago  completed  2        1 of 3       RESIDUE, found 2 times
              dddddddd  review    team-a  8 minutes ago  revoked    0        0 of 3       nothing

            standing access  exceptions: an identity without a task
              TEMPLATE  OWNER   REVIEW BY   LEFT              CALLS  REASON
              old       team-b  2026-03-01  OVERDUE: stopped  0      a batch
              backup    team-b  2026-03-16  12 days           1      nightly

            callers that nobody has described  they got nothing
              USER  PROGRAM    CALLS  LAST SEEN      ATTESTED  REASON
              1002  /opt/bot   9      5 seconds ago  yes       NoIdentity
              0     not known  1      5 seconds ago  no        PeerNotVisible
              and 5 calls of others: the list is full
              1 row forgotten, after a day of silence each

            not used since the start  may be taken out
              template      idle, of team-c
              right         review: ticket: close
              entry         w2: spiffe://example.org/db (agent.yaml:9)

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task Inventory_in_json_is_the_agents_document_byte_for_byte()
    {
        await using FakeAgent agent = await AgentAsync();
        await _terminal.RunAsync(["inventory", "--output", "json", "--admin-socket", agent.Uri]);
        Assert.Equal(Encoding.UTF8.GetString(Document) + "\n", _terminal.Out.Text);
    }

    [Fact]
    public async Task A_signed_inventory_is_verified_offline_and_shown()
    {
        await using (FakeAgent agent = await AgentAsync()) Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["inventory", "--signed", SignedFile, "--admin-socket", agent.Uri]));
        string said = $"""
              by            example.org/audit
              taken         just now (2026-03-04 12:00:00 UTC)
              tasks         2
              log           had 42 entries
              sha256        {CanonicalJson.Digest(Document)}

            """;
        Assert.Equal($"inventory signed  {SignedFile}\n{said}", _terminal.Out.Text);

        TestTerminal offline = new();
        Assert.Equal(ExitCodes.Done, await offline.RunAsync(["inventory", "verify", SignedFile, "--key", _log.Key.ToString(), "--show"]));
        Assert.StartsWith($"inventory verified  {SignedFile}\n{said}\ninventory of example.org", offline.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_may_stand_in_a_file()
    {
        await WriteAsync(_log.SignAs(InventoryStatement.Kind, Statement().ToText()));
        string keys = Path.Combine(_folder.FullName, "log.vkey");
        using FakeInventoryLog older = new();
        await File.WriteAllTextAsync(keys, $"{older.Key}\n{_log.Key}\n");
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["inventory", "verify", SignedFile, "--key", keys, "--output", "json"]));
        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal(["valid", "log", "taken_at", "tasks", "log_size", "sha256"], json.RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task What_the_log_did_not_say_of_this_inventory_is_not_verified()
    {
        await RefusedAsync(_log.SignAs(InventoryStatement.Kind, (Statement() with { Digest = CanonicalJson.Digest("{}"u8) }).ToText()), "the signature is about another inventory");
        await RefusedAsync(_log.SignAs(InventoryStatement.Kind, (Statement() with { Tasks = 3 }).ToText()), "says something else of itself");
        await RefusedAsync(_log.SignAs(InventoryStatement.Kind, (Statement() with { LogSize = 41 }).ToText()), "says something else of itself");
        await RefusedAsync(_log.SignAs(InventoryStatement.Kind, (Statement() with { Origin = "example.org/other" }).ToText()), "example.org/other itself did not sign it");
        await RefusedAsync(_log.SignAs("residue", Statement().ToText()), "a statement about something else than an inventory");
        await RefusedAsync(_log.SignRaw(new Checkpoint("example.org/audit", 42, Spiffe.Agent.Audit.Merkle.TreeHasher.Leaf("x"u8)).ToText()), "a statement about something else than an inventory");
        using FakeInventoryLog impostor = new();
        await RefusedAsync(impostor.SignAs(InventoryStatement.Kind, Statement().ToText()), "no known key signed it");
    }

    [Fact]
    public async Task A_file_that_was_written_anew_is_refused_with_the_reason()
    {
        byte[] note = _log.SignAs(InventoryStatement.Kind, Statement().ToText());
        await WriteAsync(note);
        await File.WriteAllTextAsync(SignedFile, JsonSerializer.Serialize(JsonDocument.Parse(await File.ReadAllBytesAsync(SignedFile)).RootElement, Pretty));
        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["inventory", "verify", SignedFile, "--key", _log.Key.ToString()]));
        Assert.Equal($"spiffe-agent: not verified: {SignedFile}: is not byte for byte as the agent wrote it: it was changed, or another program wrote it anew\n", _terminal.Error.Text);
    }

    [Fact]
    public async Task Without_a_log_the_agent_says_so_and_no_file_is_written()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(FakeAgent.Admin().ServerStreaming<GetInventoryRequest, InventoryPiece>(
            "GetInventory", GetInventoryRequest.Parser, (_, _, _) => throw new RpcException(new Spiffe.Agent.Rpc.Status(StatusCode.FailedPrecondition, "no audit log is kept, so there is no key to sign with"))));
        Assert.NotEqual(ExitCodes.Done, await _terminal.RunAsync(["inventory", "--signed", SignedFile, "--admin-socket", agent.Uri]));
        Assert.Contains("no audit log is kept", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(SignedFile));
    }

    private async Task RefusedAsync(byte[] note, string reason)
    {
        await WriteAsync(note);
        TestTerminal terminal = new();
        Assert.Equal(ExitCodes.BadInput, await terminal.RunAsync(["inventory", "verify", SignedFile, "--key", _log.Key.ToString(), "--output", "json"]));
        using JsonDocument json = JsonDocument.Parse(terminal.Out.Text);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.Contains(reason, json.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private Task WriteAsync(byte[] note) => File.WriteAllBytesAsync(SignedFile, Spiffe.Agent.Cli.Inventory.SignedInventory.ToFile(Document, note));

    private static InventoryStatement Statement() => new("example.org/audit", TestTerminal.Now, CanonicalJson.Digest(Document), 2, 42);

    /// <summary>The document comes in pieces, as a large one does.</summary>
    private Task<FakeAgent> AgentAsync() => FakeAgent.StartAsync(FakeAgent.Admin().ServerStreaming<GetInventoryRequest, InventoryPiece>("GetInventory", GetInventoryRequest.Parser, async (request, stream, context) =>
    {
        byte[] document = Document;
        await stream.WriteAsync(new InventoryPiece { Document = ByteString.CopyFrom(document[..100]) }, context.CancellationToken);
        InventoryPiece last = new() { Document = ByteString.CopyFrom(document[100..]) };
        if (request.Sign) last.Note = ByteString.CopyFrom(_log.SignAs(InventoryStatement.Kind, Statement().ToText()));
        await stream.WriteAsync(last, context.CancellationToken);
    }));

    private static byte[] Document { get; } = CanonicalJson.Of(JsonDocument.Parse(
        """
        {
          "at": "2026-03-04T12:00:00.0000000Z", "trust_domain": "example.org", "form": 1,
          "daemon": { "process_id": 4242, "since": "2026-03-04T10:00:00.0000000Z", "version": "0.1.0" },
          "log": { "origin": "example.org/audit", "size": 42, "published": 40, "waiting": 2, "lost": 0 },
          "identities": [ { "id": "spiffe://example.org/web", "entries": [ "w1" ], "calls": 3, "streams": 2, "svids": [
            { "kind": "x509", "id": "0a", "expires_at": "2026-03-04T12:29:00.0000000Z" }, { "kind": "jwt", "id": "t", "expires_at": "2026-03-04T12:04:00.0000000Z" } ] } ],
          "entries": [ { "calls": 3, "name": "w1", "id": "spiffe://example.org/web", "origin": "agent.yaml:7", "earned_at": "2026-03-04T11:00:00.0000000Z" },
                       { "calls": 0, "name": "w2", "id": "spiffe://example.org/db", "origin": "agent.yaml:9" } ],
          "tasks": [
            { "id": "aaaaaaaaaaaaaaaaaaaaaaaaaa", "template": "review", "state": "active", "owner": "team-a", "purpose": "reviews changes", "goal": "read pull request 7", "ticket": "OPS-7",
              "subject": "https://ci alice", "bound_to": "process 77", "process_id": 77, "user_id": 1001, "executable": "/usr/bin/review \u001b]0;x", "chain": [ "spiffe://example.org/agent/plan/task/x" ],
              "children": [ "c" ], "idle_until": "2026-03-04T12:03:00.0000000Z", "lease_until": "2026-03-04T12:05:00.0000000Z", "deadline": "2026-03-04T13:00:00.0000000Z",
              "last_used_at": "2026-03-04T11:59:00.0000000Z", "withheld": 2, "approvals": [ { "id": "ap-1", "question": "may it comment?", "expires_at": "2026-03-04T12:10:00.0000000Z" } ],
              "credentials": [ { "kind": "x509", "id": "0b", "generation": 1, "expires_at": "2026-03-04T12:05:00.0000000Z" } ], "live_credentials": 1, "rights_used": 1, "rights_unused": 1,
              "rights": [ { "detail": { "type": "repo", "actions": [ "read" ], "locations": [ "https://git.example/x" ] }, "used": 2, "remaining": 1 },
                          { "detail": { "type": "repo", "actions": [ "comment" ] }, "used": 0 } ] },
            { "id": "bbbbbbbbbbbbbbbbbbbbbbbbbb", "abridged": true, "template": "review", "state": "suspended", "cause": "an operator said so", "owner": "team-a", "bound_to": "process 78", "user_id": 1001,
              "lease_until": "2026-03-04T11:59:00.0000000Z", "deadline": "2026-03-04T13:00:00.0000000Z", "live_credentials": 3, "rights_used": 0, "rights_unused": 4, "withheld": 0 } ],
          "ended": [ { "id": "cccccccccccccccccccccccccc", "template": "review", "owner": "team-a", "state": "completed", "ended_at": "2026-03-04T11:51:00.0000000Z", "revoked": 2, "rights_used": 1, "rights_unused": 2, "offboarding": "residue_found", "residue": 2 },
                       { "id": "dddddddddddddddddddddddddd", "template": "review", "owner": "team-a", "state": "revoked", "ended_at": "2026-03-04T11:52:00.0000000Z", "revoked": 0, "rights_used": 0, "rights_unused": 3, "offboarding": "verified", "residue": 0 } ],
          "standing": [ { "template": "old", "owner": "team-b", "reason": "a batch", "review_by": "2026-03-01", "days_left": -3, "overdue": true, "calls": 0 },
                        { "template": "backup", "owner": "team-b", "reason": "nightly", "review_by": "2026-03-16", "days_left": 12, "calls": 1 } ],
          "strangers": { "callers": [ { "user_id": 1002, "executable": "/opt/bot", "reason": "NoIdentity", "attested": true, "calls": 9, "first_seen": "2026-03-04T11:00:00.0000000Z", "last_seen": "2026-03-04T11:59:55.0000000Z" },
                                      { "user_id": 0, "reason": "PeerNotVisible", "calls": 1, "first_seen": "2026-03-04T11:00:00.0000000Z", "last_seen": "2026-03-04T11:59:55.0000000Z" } ],
                         "forgotten": 1, "unlisted_calls": 5 },
          "templates": [ { "name": "review", "owner": "team-a", "begun": 3, "live": 2, "rights": 2, "never_used": [ { "type": "ticket", "actions": [ "close" ] } ] }, { "name": "idle", "owner": "team-c", "begun": 0, "live": 0, "rights": 0 } ]
        }
        """).RootElement);
}
