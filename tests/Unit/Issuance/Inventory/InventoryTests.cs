using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Cli.Inventory;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.TestKit.Time;
using Spiffe.Agent.Tests.Unit.Endpoints;
using Spiffe.Agent.Tests.Unit.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Unit.Issuance.Inventory;

/// <summary>What lives here, whose it is, what it may do and what of that it uses – and that the log's key stands behind just that.</summary>
public sealed class InventoryTests
{
    private const string Three = """
        [{"type":"repo","actions":["read"],"locations":["https://git.example/x"],"audiences":["repo-api"]},
         {"type":"repo","actions":["comment"],"locations":["https://git.example/x"],"audiences":["repo-api"]},
         {"type":"ticket","actions":["close"],"audiences":["repo-api"]}]
        """;

    [Fact]
    public async Task An_identity_is_shown_with_its_entry_its_svids_and_who_uses_it()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"), IssuanceBench.For("unix:uid:4242", "/other"));
        using WorkloadLease lease = await bench.AdmitAsync();
        _ = lease.Changed;
        string serial = SerialOf(bench, lease);
        InventorySnapshot now = bench.Service.Inventory.Take();

        LiveIdentity identity = Assert.Single(now.Identities);
        Assert.Equal(("spiffe://example.org/web", 1, 1), (identity.Id, identity.Calls, identity.Streams));
        Assert.Equal(bench.Entries.Current.Entries.Single(e => e.Id.ToString() == identity.Id).Name, Assert.Single(identity.Entries));
        Assert.Contains(identity.Svids, svid => svid.Kind == "x509" && svid.Id == serial && svid.ExpiresAt > now.At);
        Assert.Equal([true, false], now.Entries.OrderByDescending(e => e.Id, StringComparer.Ordinal).Select(e => e.EarnedAt is not null)); // /web, /other
    }

    [Fact]
    public async Task Two_entries_that_give_the_same_identity_are_both_of_use()
    {
        string gid = string.Create(CultureInfo.InvariantCulture, $"unix:gid:{IssuanceBench.GroupId}");
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"), IssuanceBench.For(gid, "/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.True(lease.IsEntitled);
        Assert.All(bench.Service.Inventory.Take().Entries, entry => Assert.NotNull(entry.EarnedAt)); // Whoever took one out for unused would do harm.
    }

    [Fact]
    public async Task An_expired_svid_is_not_shown_and_looking_signs_none()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web", x509Ttl: TimeSpan.FromMinutes(10)));
        using WorkloadLease lease = await bench.AdmitAsync();
        _ = SerialOf(bench, lease);
        bench.Time.Pass(TimeSpan.FromMinutes(11));
        Assert.DoesNotContain(Assert.Single(bench.Service.Inventory.Take().Identities).Svids, svid => svid.Kind == "x509");
        Assert.Equal(1, bench.Service.Counters.X509);
    }

    [Fact]
    public async Task Used_and_unused_rights_are_together_what_was_granted()
    {
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(Three), Purpose = "reviews" });
        TaskView task = await bench.StartAsync();
        ActionAsk[] steps = [TaskBench.Read(), TaskBench.Read(), TaskBench.Read() with { Action = "comment" }, TaskBench.Read() with { Type = "ticket", Action = "close", Location = "" }];
        for (int done = 0; done <= steps.Length; done++)
        {
            JsonElement shown = Assert.Single(Json(bench).GetProperty("tasks").EnumerateArray());
            int used = shown.GetProperty("rights_used").GetInt32(), unused = shown.GetProperty("rights_unused").GetInt32();
            JsonElement[] rights = [.. shown.GetProperty("rights").EnumerateArray()];
            Assert.Equal(AuthorizationDetails.Parse(task.Grants).Items.Length, used + unused);
            Assert.Equal(AuthorizationDetails.Parse(task.Grants).Items.Select(right => right.ToString()), rights.Select(right => right.GetProperty("detail").GetRawText()));
            Assert.Equal((used, unused), (rights.Count(right => right.GetProperty("used").GetInt64() > 0), rights.Count(right => right.GetProperty("used").GetInt64() == 0)));
            Assert.Equal(done, rights.Sum(right => right.GetProperty("used").GetInt64()));
            Assert.Equal(("reviews", "team-a", "active"), (shown.GetProperty("purpose").GetString(), shown.GetProperty("owner").GetString(), shown.GetProperty("state").GetString()));
            if (done < steps.Length) Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(steps[done])).Outcome);
        }
    }

    [Fact]
    public async Task A_right_that_no_task_has_used_stays_a_candidate_until_one_does_and_over_reloads()
    {
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(Three) });
        Assert.Equal((0L, 3), Template(bench, use => (use.Begun, use.NeverUsed.Length)));
        await bench.StartAsync();
        Assert.Equal((1L, 3), Template(bench, use => (use.Begun, use.NeverUsed.Length)));
        await bench.AskAsync(TaskBench.Read() with { Action = "comment" });
        await bench.AskAsync(TaskBench.Read() with { Action = "delete" }); // Refused: of no use to anything.
        Assert.Equal(["read", "close"], Template(bench, use => use.NeverUsed.Select(ActionOf).OrderDescending(StringComparer.Ordinal)));

        bench.Reload(template => template with { Owner = "team-b" });
        Assert.Equal(2, Template(bench, use => use.NeverUsed.Length));
        bench.Reload(template => template with { Ceiling = AuthorizationDetails.Parse(Three.Replace("close", "reopen", StringComparison.Ordinal)) });
        Assert.Equal(["reopen", "read"], Template(bench, use => use.NeverUsed.Select(ActionOf).OrderDescending(StringComparer.Ordinal)));
        Assert.Equal(1, Template(bench, use => use.Begun));
    }

    [Fact]
    public async Task What_a_subtask_uses_was_of_use_to_the_template_above_it()
    {
        TaskTemplate child = TaskBench.Template("child"), parent = TaskBench.Template("work") with { SubtaskTemplates = ["child"] };
        using TaskBench bench = new(new TaskRules(new TemplateSnapshot([parent, child], null), TaskBench.Compile()));
        await bench.StartAsync();
        using TaskChild shell = TaskChild.Shell();
        TaskAnswer below = await bench.Tasks.SpawnAsync(bench.Self, "", new StartTask { Template = "child", ChildProcessId = shell.Id }, CancellationToken.None);
        Assert.Equal(TaskRefusal.None, below.Refusal);
        Assert.Equal(2, bench.Issuance.Service.Inventory.Take().Templates.Sum(use => use.NeverUsed.Length));
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read(), shell.Caller)).Outcome);
        Assert.All(bench.Issuance.Service.Inventory.Take().Templates, use => Assert.Empty(use.NeverUsed));
    }

    [Fact]
    public async Task Who_has_no_identity_or_no_template_is_a_stranger()
    {
        using TaskBench bench = new();
        (await bench.Issuance.AdmitAsync()).Dispose();
        bench.Issuance.Service.Denied(bench.Self, Spiffe.Agent.Issuance.Refusal.NoIdentity, "FetchX509SVID");
        bench.Issuance.Service.Denied(bench.Self, Spiffe.Agent.Issuance.Refusal.RateLimited, "FetchX509SVID");
        Assert.Equal(TaskRefusal.TemplateNotForCaller, (await bench.TryStartAsync(new StartTask { Template = "nobody's" })).Refusal);
        using Caller hidden = Caller.Open(0, 4242, 4242, null);
        _ = await bench.Issuance.Service.AdmitAsync(hidden, CancellationToken.None);

        Stranger[] seen = [.. bench.Issuance.Service.Inventory.Take().Strangers.Rows.OrderBy(row => row.Reason, StringComparer.Ordinal)];
        Assert.Equal(["NoIdentity", "PeerNotVisible", "TemplateNotForCaller"], seen.Select(row => row.Reason));
        Assert.Equal([(IssuanceBench.UserId, true), (4242u, false), (IssuanceBench.UserId, true)], seen.Select(row => (row.UserId, row.IsAttested)));
        Assert.Equal([Environment.ProcessPath, "", Environment.ProcessPath], seen.Select(row => row.Executable));
    }

    [Fact]
    public void A_standing_exception_counts_its_days_and_then_is_overdue()
    {
        DateOnly today = DateOnly.FromDateTime(new ManualTime().GetUtcNow().UtcDateTime);
        TaskTemplate Exception(string name, int days) => TaskBench.Template(name) with { Class = TemplateClass.Persistent, Reason = "an old batch", ReviewBy = today.AddDays(days) };
        using TaskBench bench = new(new TaskRules(new TemplateSnapshot([Exception("later", 12), Exception("past", -1), Exception("today", 0)], null), TaskBench.Compile()));
        Assert.Equal(
            [("past", -1, true), ("today", 0, false), ("later", 12, false)],
            bench.Issuance.Service.Inventory.Take().Standing.Select(standing => (standing.Template, standing.DaysLeft, standing.IsOverdue)));
    }

    [Fact]
    public async Task A_task_that_is_over_is_shown_with_what_was_found_behind_it()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        bench.Tasks.Revoke(TaskBench.Somebody, new TaskSelection { All = true });
        await TaskBench.UntilAsync(() => Json(bench).GetProperty("ended")[0].GetProperty("offboarding").GetString() != "running");
        JsonElement inventory = Json(bench), ended = Assert.Single(inventory.GetProperty("ended").EnumerateArray());
        Assert.False(inventory.TryGetProperty("tasks", out _));
        Assert.Equal((task.Id.ToString(), "revoked", "verified", 1), (ended.GetProperty("id").GetString(), ended.GetProperty("state").GetString(), ended.GetProperty("offboarding").GetString(), ended.GetProperty("rights_unused").GetInt32()));
    }

    [Fact]
    public async Task The_document_is_canonical_whatever_tasks_call_themselves()
    {
        using TaskBench bench = new();
        await bench.StartAsync(new StartTask
        {
            Template = "work",
            Intent = TaskBench.Intent(new() { Goal = "say \"ü\" \\ €" }),
            Labels = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("ö", "1").Add("z", "2").Add("A", "3"),
        });
        ReadOnlyMemory<byte> document = InventoryDocument.Write(bench.Issuance.Service.Inventory.Take());
        using JsonDocument parsed = JsonDocument.Parse(document);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(CanonicalJson.Of(parsed.RootElement)), System.Text.Encoding.UTF8.GetString(document.Span));
    }

    [Fact]
    public async Task Tasks_that_are_too_large_are_shown_in_brief_and_never_left_out()
    {
        using TaskBench bench = new();
        await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new() { Goal = new string('x', 2000) }) });
        using JsonDocument parsed = JsonDocument.Parse(InventoryDocument.Write(bench.Issuance.Service.Inventory.Take(), maxDetailed: 100));
        JsonElement task = Assert.Single(parsed.RootElement.GetProperty("tasks").EnumerateArray());
        Assert.True(task.GetProperty("abridged").GetBoolean());
        Assert.False(task.TryGetProperty("goal", out _));
        Assert.Equal(("team-a", 1), (task.GetProperty("owner").GetString(), task.GetProperty("rights_unused").GetInt32()));
        using JsonDocument same = JsonDocument.Parse(CanonicalJson.Of(parsed.RootElement));
    }

    [Fact]
    public void Ten_thousand_tasks_are_shown_in_full_in_one_document()
    {
        using TaskBench bench = new();
        InventorySnapshot snapshot = bench.Issuance.Service.Inventory.Take() with { Tasks = [.. Enumerable.Range(0, 10_000).Select(_ => TaskViews.Full with { Id = Spiffe.Agent.Tasks.TaskId.New() })] };
        ReadOnlyMemory<byte> document = InventoryDocument.Write(snapshot);
        using JsonDocument parsed = JsonDocument.Parse(document);
        JsonElement[] tasks = [.. parsed.RootElement.GetProperty("tasks").EnumerateArray()];
        Assert.Equal(snapshot.Tasks.Select(task => task.Id.ToString()), tasks.Select(task => task.GetProperty("id").GetString()!));
        Assert.DoesNotContain(tasks, task => task.TryGetProperty("abridged", out _));
        Assert.InRange(document.Length, 1, InventoryDocument.MaxDetailed / 2);
    }

    [Fact]
    public async Task A_signed_inventory_verifies_and_one_with_a_changed_byte_does_not()
    {
        using FakeInventoryLog log = new();
        using TaskBench bench = Bench(log);
        TaskView task = await bench.StartAsync();
        byte[] file = await SignedAsync(bench);

        Assert.True(SignedInventory.TryRead(file, out SignedInventory? signed, out string fault), fault);
        Assert.Equal("", signed.FaultOf([log.Key]));
        Assert.Equal(("example.org/audit", 1L, 42L), (signed.Statement.Origin, signed.Statement.Tasks, signed.Statement.LogSize));
        Assert.Equal(task.Id.ToString(), signed.Inventory.GetProperty("tasks")[0].GetProperty("id").GetString());
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 1;
            Assert.False(SignedInventory.TryRead(changed, out SignedInventory? other, out _) && other.FaultOf([log.Key]).Length == 0, $"byte {i}");
        }
    }

    [Fact]
    public async Task Names_twice_and_other_keys_are_refused()
    {
        using FakeInventoryLog log = new(), other = new(), elsewhere = new("example.org/other");
        using TaskBench bench = Bench(log);
        byte[] file = await SignedAsync(bench);
        string text = System.Text.Encoding.UTF8.GetString(file);
        string twice = "{\"inventory\":{},\"inventory\":" + text["{\"inventory\":".Length..]; // A reader that takes the first would see an empty node.
        Assert.False(SignedInventory.TryRead(System.Text.Encoding.UTF8.GetBytes(twice), out _, out _));
        Assert.True(SignedInventory.TryRead(file, out SignedInventory? signed, out _));
        Assert.Contains("no known key", signed.FaultOf([elsewhere.Key]), StringComparison.Ordinal);
        Assert.NotEqual("", signed.FaultOf([other.Key]));
    }

    [Fact]
    public async Task Taking_a_signed_inventory_is_written_down_first_and_refused_where_it_cannot_be()
    {
        using FakeInventoryLog log = new();
        using TaskBench bench = Bench(log);
        await bench.StartAsync();
        InventoryExport export = await bench.Issuance.Service.Inventory.ExportAsync(TaskBench.Somebody, CancellationToken.None);
        InventoryEntry entry = Assert.Single(bench.Issuance.Journal.All.OfType<InventoryEntry>());
        Assert.Equal((TaskBench.Somebody, CanonicalJson.Digest(export.Document.Span), 1), (entry.By, entry.Digest, entry.Tasks));

        bench.Issuance.Journal.HoldBack();
        ValueTask<InventoryExport> waits = bench.Issuance.Service.Inventory.ExportAsync(TaskBench.Somebody, CancellationToken.None);
        Assert.False(waits.IsCompleted);
        bench.Issuance.Journal.LetGo(isSafe: false);
        InventoryExport refused = await waits;
        Assert.Equal((InventoryRefusal.NotRecorded, 0, 0), (refused.Refusal, refused.Note.Length, refused.Document.Length));

        bench.Issuance.Journal.IsWritable = false;
        Assert.Equal(InventoryRefusal.NotRecorded, (await bench.Issuance.Service.Inventory.ExportAsync(TaskBench.Somebody, CancellationToken.None)).Refusal);
        Assert.NotEqual(0, (await bench.Issuance.Service.Inventory.ExportAsync(null, CancellationToken.None)).Document.Length); // To look is no effect.
    }

    [Fact]
    public async Task Without_a_log_nothing_is_signed()
    {
        using TaskBench bench = new();
        Assert.Equal(InventoryRefusal.NoLog, (await bench.Issuance.Service.Inventory.ExportAsync(TaskBench.Somebody, CancellationToken.None)).Refusal);
        Assert.Empty(bench.Issuance.Journal.All.OfType<InventoryEntry>());
    }

    private static TaskBench Bench(IInventoryLog log) =>
        new(new TaskRules(new TemplateSnapshot([TaskBench.Template("work")], null), TaskBench.Compile()), new IssuanceParts { Log = log });

    private static async Task<byte[]> SignedAsync(TaskBench bench)
    {
        InventoryExport export = await bench.Issuance.Service.Inventory.ExportAsync(TaskBench.Somebody, CancellationToken.None);
        Assert.Equal(InventoryRefusal.None, export.Refusal);
        return SignedInventory.ToFile(export.Document.Span, export.Note.Span);
    }

    private static JsonElement Json(TaskBench bench) => JsonDocument.Parse(InventoryDocument.Write(bench.Issuance.Service.Inventory.Take())).RootElement;

    private static T Template<T>(TaskBench bench, Func<TemplateUse, T> of) => of(Assert.Single(bench.Issuance.Service.Inventory.Take().Templates));

    private static string ActionOf(string right) => JsonDocument.Parse(right).RootElement.GetProperty("actions")[0].GetString()!;

    private static string SerialOf(IssuanceBench bench, WorkloadLease lease)
    {
        byte[] der = IssuanceBench.X509(lease).Response.Svids.Single().X509Svid.ToByteArray();
        Assert.Equal(1, bench.Service.Counters.X509);
        using System.Security.Cryptography.X509Certificates.X509Certificate2 leaf = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(der);
        return leaf.SerialNumber.ToLowerInvariant();
    }
}
