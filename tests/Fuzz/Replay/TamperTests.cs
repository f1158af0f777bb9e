using System.Buffers.Text;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;
using Types = Spiffe.Agent.Audit.Records.RecordTypes;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>A log of the real engine, changed by whoever holds its key: chain and digests are right again, and what the log says is wrong all the same. Each change is found, and named.</summary>
[Collection(nameof(Alone))]
public sealed class TamperTests(StoryFixture story) : IClassFixture<StoryFixture>
{
    private static readonly Dictionary<string, (ReplayRule Rule, Action<Forger> Forge)> Forgeries = new(StringComparer.Ordinal)
    {
        ["issued behind the end"] = (ReplayRule.AfterEnd, log => log.Copy(log.Find(Types.TaskIssued), log.Find(Types.TaskEnded) + 1, data => data["credential"] = "another")),
        ["renewed behind the end"] = (ReplayRule.AfterEnd, log => log.Copy(log.Find(Types.TaskRenewed), log.Find(Types.TaskEnded) + 1)),
        ["issued while it pauses"] = (ReplayRule.NotActive, log => log.Copy(log.Find(Types.TaskIssued), log.Find(Types.TaskResumed), data => data["credential"] = "another")),
        ["permitted while it pauses"] = (ReplayRule.NotActive, log => Permit(log, log.Find(Types.TaskPermitted), log.Find(Types.TaskResumed))),
        ["issued before people agreed"] = (ReplayRule.NotActive, log => log.Remove(log.Find(Types.TaskApproved, 1))),
        ["issued for another generation"] = (ReplayRule.WrongGeneration, log => log.Change(log.Find(Types.TaskPermitted, 0, entry => entry.Data.GetProperty("generation").GetInt32() == 2), data => data["generation"] = 1)),
        ["issued behind the deadline"] = (ReplayRule.BehindDeadline, log => log.Change(log.Find(Types.TaskIssued), data => data["expires_at"] = "2026-06-01T13:30:00.0000000Z")),
        ["a credential id twice"] = (ReplayRule.CredentialReused, log => log.Copy(log.Find(Types.TaskIssued), log.Find(Types.TaskIssued) + 1)),
        ["a child wider than its parent"] = (ReplayRule.NotWithinParent, log => log.Change(Child(log), data => data["grants"]![0]!["actions"] = new JsonArray("comment", "delete", "read"))),
        ["a child with more uses than are left"] = (ReplayRule.NotWithinParent, log => log.Change(Child(log), data => data["grants"]![0]!["constraints"]!["max_uses"] = 8)),
        ["a child that outlives its parent"] = (ReplayRule.BehindDeadline, log => log.Change(Child(log), data => data["deadline"] = "2026-06-01T13:00:00.0000000Z")),
        ["a child of a task that pauses"] = (ReplayRule.ParentNotActive, log => log.Copy(Child(log), log.Find(Types.TaskResumed), data => data["task"] = "aaaaaaaaaaaaaaaaaaaaaaaaaa")),
        ["a child of nobody"] = (ReplayRule.ParentNotActive, log => log.Change(Child(log), data => data["parent"] = "aaaaaaaaaaaaaaaaaaaaaaaaaa")),
        ["a child of another root"] = (ReplayRule.MalformedEntry, log => log.Change(Child(log), data => data["root"] = "aaaaaaaaaaaaaaaaaaaaaaaaaa")),
        ["a child that lives on"] = (ReplayRule.LeftBehind, log => log.Remove(log.Find(Types.TaskEnded) + 1, 2)),
        ["a child that works on while its parent pauses"] = (ReplayRule.LeftBehind, log => log.Remove(log.Find(Types.TaskSuspended) + 1, 2)),
        ["a child that stays wide"] = (ReplayRule.NotWithinParent, log => log.Remove(log.Find(Types.TaskNarrowed) + 1, 2)),
        ["a child that goes on before its parent"] = (ReplayRule.ParentNotActive, log => log.Remove(log.Find(Types.TaskResumed))),
        ["beyond the template"] = (ReplayRule.NotWithinTemplate, log => log.Change(log.Find(Types.TemplateLoaded), data => data["grants"]![0]!["constraints"]!["max_uses"] = 1)),
        ["a template that was not loaded"] = (ReplayRule.UnknownTemplate, log => log.Remove(log.Find(Types.TemplateLoaded))),
        ["another owner"] = (ReplayRule.UnknownTemplate, log => log.Change(log.Find(Types.TaskStarted), data => data["owner"] = "team-b")),
        ["narrowed to more"] = (ReplayRule.Widened, log => log.Change(log.Find(Types.TaskNarrowed), data => data["grants"]![0]!["actions"] = new JsonArray("delete", "read"))),
        ["resumed with more"] = (ReplayRule.Widened, log => log.Change(log.Find(Types.TaskResumed), data => data["grants"]![0]!["constraints"]!["max_uses"] = 9)),
        ["not revoked at the end"] = (ReplayRule.NotRevoked, log => log.Remove(log.Find(Types.TaskEnded) - 1)),
        ["not revoked at a pause"] = (ReplayRule.NotRevoked, log => log.Remove(log.Find(Types.TaskSuspended) - 1)),
        ["not revoked with its generation"] = (ReplayRule.NotRevoked, log => log.Remove(log.Find(Types.TaskNarrowed) + 1)),
        ["one of several not revoked"] = (ReplayRule.NotRevoked, log => log.Change(log.Find(Types.TaskEnded) - 1, data => data["credentials"]!.AsArray().RemoveAt(1))),
        ["the generation stays"] = (ReplayRule.WrongGeneration, log => log.Change(log.Find(Types.TaskResumed), data => data["generation"] = 1)),
        ["a generation left out"] = (ReplayRule.WrongGeneration, log => log.Change(log.Find(Types.TaskNarrowed), data => data["generation"] = 7)),
        ["a task id twice"] = (ReplayRule.TaskIdReused, log => log.Copy(log.Find(Types.TaskStarted), log.FindLast(Types.TaskEnded))),
        ["a task that never began"] = (ReplayRule.UnknownTask, log => log.Remove(log.Find(Types.TaskStarted))),
        ["resumed without a pause"] = (ReplayRule.WrongTransition, log => log.Remove(log.Find(Types.TaskSuspended), 3)),
        ["approved that was denied"] = (ReplayRule.WrongTransition, log => log.Change(log.Find(Types.TaskEnded), data => data["trigger"] = "Deny")),
        ["ended with a parent that lives"] = (ReplayRule.WrongTransition, log => log.Change(log.Find(Types.TaskEnded), data => data["trigger"] = "ParentEnded")),
        ["a state that does not follow"] = (ReplayRule.WrongState, log => log.Change(log.Find(Types.TaskSuspended), data => data["state"] = "ACTIVE")),
        ["contained and alive"] = (ReplayRule.WrongTransition, log => log.Copy(log.Find(Types.TaskContained), log.Find(Types.TaskContained) - 1)),
        ["used and never issued"] = (ReplayRule.UnknownCredential, log => log.Change(log.Find(Types.TaskUsed), data => data["credential"] = "another")),
        ["spent twice"] = (ReplayRule.DeadCredential, log => log.Copy(log.Find(Types.TaskUsed), log.Find(Types.TaskUsed) + 1)),
        ["used of a generation that is over"] = (ReplayRule.DeadCredential, log => log.Copy(log.Find(Types.TaskUsed), log.Find(Types.TaskApproved), data => Now(log, data, log.Find(Types.TaskApproved) + 1, "jwt", Forger.Text(log[log.Find(Types.TaskIssued)], "credential")))),
        ["used by another task"] = (ReplayRule.UnknownCredential, log => log.Change(log.Find(Types.TaskUsed), data => { data["credential_kind"] = "x509"; data["credential"] = "01"; })),
        ["used long after it expired"] = (ReplayRule.WrongExpiry, log => log.Change(log.Find(Types.TaskIssued, 2), data => data["expires_at"] = "2026-06-01T11:00:00.0000000Z")),
        ["used and never permitted"] = (ReplayRule.UnknownCredential, log => log.Remove(log.Find(Types.TaskPermitted))),
        ["more uses than are granted"] = (ReplayRule.TooManyUses, log => { for (int i = 0; i < 9; i++) Permit(log, log.Find(Types.TaskPermitted), log.Find(Types.TaskUsed), $"more-{i}"); }
        ),
        ["an action that is not granted"] = (ReplayRule.NotGranted, log => { log.Ask(log.Find(Types.TaskPermitted), question => question["action"]!["action"] = "delete"); log.Change(log.Find(Types.TaskPermitted), data => data["action"] = "delete"); }
        ),
        ["a place that is not granted"] = (ReplayRule.NotGranted, log => log.Ask(log.Find(Types.TaskPermitted), question => question["action"]!["location"] = "https://git.example/y")),
        ["another action than was asked"] = (ReplayRule.NotTheQuestion, log => log.Change(log.Find(Types.TaskPermitted), data => data["action"] = "delete")),
        ["a token of another action"] = (ReplayRule.CredentialReused, log => log.Copy(log.Find(Types.TaskPermitted), log.Find(Types.TaskPermitted) + 1)),
        ["denied and shown as permitted"] = (ReplayRule.DecidedOtherwise, Permitted),
        ["permitted and shown as denied"] = (ReplayRule.DecidedOtherwise, log => { int at = log.Find(Types.TaskPermitted); log.Retype(at, Types.TaskWithheld); log.Change(at, data => data["verdict"] = "deny"); log.Remove(log.Find(Types.TaskUsed)); }
        ),
        ["other reasons"] = (ReplayRule.DecidedOtherwise, log => log.Change(log.Find(Types.TaskPermitted), data => data["policies"] = new JsonArray("base.cedar#policy0"))),
        ["renewed though denied"] = (ReplayRule.NotPermitted, log => log.Change(log.Find(Types.TaskRenewed), data => data["verdict"] = "deny")),
        ["begun though denied"] = (ReplayRule.NotPermitted, log => log.Change(log.Find(Types.TaskStarted), data => data["verdict"] = "deny")),
        ["begun without asking people"] = (ReplayRule.NotApproved, log => log.Change(log.Find(Types.TaskStarted), data => data["verdict"] = "needs_approval")),
        ["nobody agreed"] = (ReplayRule.NotApproved, log => log.Remove(log.Find(Types.TaskApproved))),
        ["one word for two actions"] = (ReplayRule.NotApproved, log => Permit(log, log.Find(Types.TaskPermitted, 3), log.Find(Types.TaskPermitted, 3) + 1)),
        ["another text of a policy"] = (ReplayRule.PolicyChanged, log => log.Change(log.Find(Types.PolicySource, 7), data => data["text"] = "rincipal.depth > 9 };\n")),
        ["a part of a policy left out"] = (ReplayRule.PolicyChanged, log => log.Remove(log.Find(Types.PolicySource, 3))),
        ["another text of a policy, and its digest everywhere"] = (ReplayRule.DecidedOtherwise, Repolicy),
        ["policies that were not in force"] = (ReplayRule.WrongPolicies, log => log.Change(log.Find(Types.TaskRenewed), data => data["policy"] = "builtin")),
        ["another decision than it rests on"] = (ReplayRule.WrongDecision, log => log.Change(log.Find(Types.TaskIssued), data => data["decision"] = "00")),
        ["another question"] = (ReplayRule.QuestionChanged, log => log.Change(log.Find(Types.TaskRenewed), data => data["body"] = Forger.Text(log[log.Find(Types.TaskResumed)], "body"))),
        ["the question of another task"] = (ReplayRule.NotTheQuestion, log => Swap(log, log.Find(Types.TaskResumed), log.Find(Types.TaskResumed, 1))),
        ["the question of another act"] = (ReplayRule.NotTheQuestion, log => Swap(log, log.Find(Types.TaskRenewed), log.Find(Types.TaskResumed))),
        ["the question of another time"] = (ReplayRule.NotTheQuestion, log => log.Ask(log.Find(Types.TaskRenewed), question => question["time_ms"] = 1)),
        ["approvals that nobody gave"] = (ReplayRule.NotTheQuestion, log => log.Ask(log.Find(Types.TaskRenewed), question => question["approvals"] = 2)),
        ["a question with more in it"] = (ReplayRule.NotTheQuestion, log => log.Ask(log.Find(Types.TaskRenewed), question => question["more"] = true)),
        ["another intent"] = (ReplayRule.WrongIntent, log => log.Change(log.Find(Types.TaskIssued), data => data["intent_s256"] = "another")),
        ["other words for an intent"] = (ReplayRule.WrongIntent, log => log.Change(log.Find(Types.TaskDeclared), data => data["body"] = Forger.Text(log[log.Find(Types.TaskDeclared, 1)], "body"))),
        ["no verdict"] = (ReplayRule.MalformedEntry, log => log.Change(log.Find(Types.TaskStarted), data => data.Remove("verdict"))),
        ["no task"] = (ReplayRule.MalformedEntry, log => log.Change(log.Find(Types.TaskIssued), data => data.Remove("task"))),
        ["no expiry"] = (ReplayRule.MalformedEntry, log => log.Change(log.Find(Types.TaskIssued), data => data.Remove("expires_at"))),
        ["a time before the one before"] = (ReplayRule.TimeWentBack, log => log.Retime(log.Find(Types.TaskRenewed), log[0].At.AddHours(-1))),
        ["alive when the daemon stops"] = (ReplayRule.LiveAtStop, log => log.Remove(log.FindLast(Types.TaskEnded))),
        ["at work while no daemon runs"] = (ReplayRule.NotRunning, log => log.Copy(log.Count - 1, log.Find(Types.TaskRenewed))),
        ["over with a daemon that crashed"] = (ReplayRule.AfterEnd, log => log.Copy(0, log.Find(Types.TaskRenewed))),
        ["an SVID that was expired"] = (ReplayRule.WrongExpiry, log => log.Change(log.Find(Types.SvidIssued), data => data["expires_at"] = "2026-06-01T11:00:00.0000000Z")),
        ["an SVID for ever"] = (ReplayRule.WrongExpiry, log => log.Change(log.Find(Types.SvidIssued), data => data["expires_at"] = "2036-06-01T11:00:00.0000000Z")),
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    [Fact]
    public void Story_as_it_was_written_keeps_every_rule()
    {
        ReplaySummary summary = story.Log.Replay();

        Assert.True(summary.IsClean && summary.Remarks.IsEmpty, string.Join('\n', [.. summary.Violations, .. summary.Remarks]));
        Assert.Equal((6L, 0L, summary.Decisions.All, 0L), (summary.Tasks, summary.Live, summary.Decisions.TakenAgain, summary.Decisions.Erased));
        Assert.Equal((summary.Credentials.OfTasks, 1L), (summary.Credentials.Revoked, summary.Credentials.OfEntries));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_changed_is_found_and_named(string forgery)
    {
        (ReplayRule rule, Action<Forger> forge) = Forgeries[forgery];
        Forger log = new(story.Log);
        forge(log);
        ReplaySummary summary = log.Replay();

        Assert.True(summary.Violations.Any(finding => finding.Rule == rule), $"{rule} is not among:\n{string.Join('\n', summary.Violations)}");
        Assert.All(summary.Violations, finding => Assert.NotEmpty(finding.Message));
    }

    [Fact]
    public void Erased_questions_are_counted_and_everything_else_is_judged()
    {
        ReplaySummary summary = story.Log.Replay(withBodies: false);

        Assert.True(summary.IsClean, string.Join('\n', summary.Violations));
        Assert.Equal((0L, summary.Decisions.All), (summary.Decisions.TakenAgain, summary.Decisions.Erased));
        Assert.True(summary.Decisions.All > 10);
    }

    [Fact]
    public void Tasks_that_began_before_the_kept_part_are_counted_and_not_judged()
    {
        ImmutableArray<RecordEntry> kept = [.. story.Log.Entries.SkipWhile(entry => entry.Type != Types.TaskRenewed)];
        ReplaySummary summary = story.Log.Replay(kept);

        Assert.True(summary.IsClean, string.Join('\n', summary.Violations));
        Assert.Equal((2L, 4L), (summary.NotJudged, summary.Tasks)); // The root and its child, which began behind the cut.
    }

    [Fact]
    public void Crash_is_remarked_and_so_is_every_task_that_it_cut_short()
    {
        Forger log = new(story.Log);
        int at = log.Find(Types.TaskEnded) - 1;
        log.Remove(at, log.Count - at);
        RecordEntry[] entries = [.. story.Log.Entries[..at], story.Log.Entries[0] with { Seq = at, At = story.Log.Entries[at].At }];
        ReplaySummary summary = story.Log.Replay(entries);

        Assert.True(summary.IsClean, string.Join('\n', summary.Violations));
        Assert.Equal([ReplayRule.Crashed, ReplayRule.CutShort, ReplayRule.CutShort], summary.Remarks.Select(remark => remark.Rule));
    }

    [Fact]
    public void Lost_entries_that_the_log_admits_turn_what_they_may_explain_into_remarks()
    {
        Forger log = new(story.Log);
        int at = log.Find(Types.TaskSuspended);
        log.Remove(at, 3);
        log.Insert(at, Types.LogGap, new JsonObject { ["lost"] = 3 });
        ReplaySummary summary = log.Replay();

        Assert.True(summary.IsClean, string.Join('\n', summary.Violations));
        Assert.Contains(summary.Remarks, remark => remark.Rule == ReplayRule.WrongTransition);
    }

    private static int Child(Forger log) => log.Find(Types.TaskStarted, 0, entry => Forger.Text(entry, "parent").Length > 0);

    private static void Now(Forger log, JsonObject data, int like, string kind, string credential)
    {
        foreach (string name in (string[])["decision", "generation", "intent_s256", "policy"]) data[name] = JsonNode.Parse(log[like].Data.GetProperty(name).GetRawText());
        (data["credential_kind"], data["credential"]) = (kind, credential);
    }

    /// <summary>A permission once more, with a token of its own.</summary>
    private static void Permit(Forger log, int permitted, int to, string token = "another") => log.Copy(permitted, to, data => data["credential"] = token);

    private static void Permitted(Forger log)
    {
        int withheld = log.Find(Types.TaskWithheld);
        log.Retype(withheld, Types.TaskPermitted);
        log.Change(withheld, data =>
        {
            data["verdict"] = "permit";
            (data["credential_kind"], data["credential"], data["expires_at"]) = ("action_token", "another", "2026-06-01T12:01:00.0000000Z");
        });
    }

    private static void Swap(Forger log, int a, int b)
    {
        (string body, string digest) = (Forger.Text(log[b], "body"), Forger.Text(log[b], "input_s256"));
        log.Change(a, data => (data["body"], data["input_s256"]) = (body, digest));
    }

    /// <summary>Whoever changes the policies that decided must change their digest wherever it stands; then the decisions tell.</summary>
    private static void Repolicy(Forger log)
    {
        List<(string Name, StringBuilder Text)> sources = [];
        for (int i = 0; i < log.Count; i++)
        {
            if (log[i].Type != Types.PolicySource) continue;
            if (log[i].Data.GetProperty("part").GetInt32() == 0) sources.Add((Forger.Text(log[i], "name"), new StringBuilder()));
            string text = Forger.Text(log[i], "text").Replace("\"comment\"", "\"nothing\"", StringComparison.Ordinal);
            log.Change(i, data => data["text"] = text);
            sources[^1].Text.Append(text);
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in sources.SelectMany(source => (string[])[source.Name, source.Text.ToString()]))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        string digest = "sha256:" + Base64Url.EncodeToString(hash.GetHashAndReset());
        log.ChangeAll(entry => Forger.Text(entry, "policy").Length > 0, data => data["policy"] = digest);
    }
}
