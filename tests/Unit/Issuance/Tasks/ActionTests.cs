using System.Text.Json;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>Before each privileged step the agent asks: each answer has its reason, and what is not permitted costs nothing.</summary>
public sealed class ActionTests
{
    private const string ForbidRead = "permit(principal, action, resource); forbid(principal, action == Action::\"use\", resource) when { context.action == \"read\" };";

    [Fact]
    public async Task Step_that_no_right_covers_is_not_granted()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        ActionAsk[] asks =
        [
            TaskBench.Read() with { Action = "delete" }, TaskBench.Read() with { Type = "database" }, TaskBench.Read("https://git.example/xy"), TaskBench.Read("https://git.example/x/../y"),
            TaskBench.Read(audience: "other-api"), TaskBench.Read() with { Sensitivity = "restricted" }, TaskBench.Read() with { Datatype = "secrets" },
        ];
        foreach (ActionAsk ask in asks)
        {
            ActionDecision decision = await bench.AskAsync(ask);
            Assert.Equal(ActionOutcome.Deny, decision.Outcome);
            Assert.True(decision.Reason is ActionReason.NotGranted or ActionReason.Malformed, $"{ask.Action} {ask.Location}: {decision}");
            Assert.Empty(decision.Token);
        }

        Assert.Equal(0, bench.Now(task).Rights.Single().Used);
        Assert.Equal(asks.Length, bench.Written(TaskEntryKind.Withheld).Length);
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read())).Outcome);
    }

    [Fact]
    public async Task Counted_right_gives_as_many_tokens_as_it_says_and_refusals_cost_none()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        for (int left = 2; left >= 0; left--)
        {
            await bench.AskAsync(TaskBench.Read() with { Action = "delete" });
            await bench.AskAsync(TaskBench.Read() with { Parameters = TaskBench.Utf8("{") });
            Assert.Equal(left, (await bench.AskAsync(TaskBench.Read())).Remaining);
        }

        Assert.Equal(ActionReason.Exhausted, (await bench.AskAsync(TaskBench.Read())).Reason);
    }

    [Fact]
    public async Task Concurrent_questions_never_get_more_tokens_than_uses()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        ActionDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => bench.AskAsync(TaskBench.Read()))));
        Assert.Equal(3, decisions.Count(decision => decision.Outcome == ActionOutcome.Permit));
        Assert.All(decisions.Where(decision => decision.Outcome != ActionOutcome.Permit), decision => Assert.Equal(ActionReason.Exhausted, decision.Reason));
    }

    [Fact]
    public async Task Steps_are_taken_in_their_order_and_once()
    {
        const string Steps = """
            [{"type":"ticket","actions":["read"],"audiences":["repo-api"],"constraints":{"order":1,"max_uses":1}},
             {"type":"api","actions":["call"],"audiences":["repo-api"],"constraints":{"order":2,"max_uses":1}},
             {"type":"record","actions":["write"],"audiences":["repo-api"],"constraints":{"order":3,"max_uses":1}}]
            """;
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(Steps) });
        await bench.StartAsync();
        ActionAsk ticket = Step("ticket", "read"), api = Step("api", "call"), record = Step("record", "write");
        Assert.Equal(ActionReason.OutOfOrder, (await bench.AskAsync(api)).Reason);
        Assert.Equal(ActionReason.OutOfOrder, (await bench.AskAsync(record)).Reason);
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(ticket)).Outcome);
        ActionDecision call = await bench.AskAsync(api);
        Assert.Equal(ActionOutcome.Permit, call.Outcome); // A later step alone: its token is a grant of its own.
        Assert.True(bench.Tasks.VerifyToken(call.Token, "repo-api", consume: true).IsValid);
        Assert.NotEqual(ActionOutcome.Permit, (await bench.AskAsync(ticket)).Outcome);
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(record)).Outcome);
        Assert.NotEqual(ActionOutcome.Permit, (await bench.AskAsync(record)).Outcome);

        static ActionAsk Step(string type, string action) => new() { Type = type, Action = action, Location = "", Audience = "repo-api" };
    }

    [Fact]
    public async Task Parameter_outside_of_its_range_or_missing_is_not_granted()
    {
        const string Payment = """[{"type":"payment","actions":["send"],"audiences":["repo-api"],"constraints":{"ranges":{"amount":{"max":100}}}}]""";
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(Payment) });
        await bench.StartAsync();
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(Send("""{"amount":100}"""))).Outcome);
        foreach (string parameters in (string[])["""{"amount":100.01}""", """{"amount":"99"}""", "{}", ""]) Assert.Equal(ActionReason.NotGranted, (await bench.AskAsync(Send(parameters))).Reason);
        Assert.Equal(ActionReason.Malformed, (await bench.AskAsync(Send("""{"amount":1,"amount":1000}"""))).Reason);

        static ActionAsk Send(string parameters) => new() { Type = "payment", Action = "send", Location = "", Audience = "repo-api", Parameters = TaskBench.Utf8(parameters) };
    }

    [Fact]
    public async Task Right_that_has_ended_is_expired()
    {
        using TaskBench clock = new();
        long end = (clock.Time.GetUtcNow() + TimeSpan.FromSeconds(20)).ToUnixTimeSeconds();
        string grant = TaskBench.RepoGrant.Replace("\"max_uses\":3", $"\"not_after\":{end}", StringComparison.Ordinal);
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(grant) });
        await bench.StartAsync();
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read())).Outcome);
        bench.Time.Pass(TimeSpan.FromSeconds(21));
        Assert.Equal(ActionReason.Expired, (await bench.AskAsync(TaskBench.Read())).Reason);
    }

    [Fact]
    public async Task Policy_denies_at_the_step_and_names_what_forbids()
    {
        using TaskBench bench = new(null, ForbidRead);
        TaskView task = await bench.StartAsync();
        ActionDecision decision = await bench.AskAsync(TaskBench.Read());
        Assert.Equal((ActionOutcome.Deny, ActionReason.Policy), (decision.Outcome, decision.Reason));
        Assert.Contains("p0", decision.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(bench.Written(TaskEntryKind.Withheld).Single().Decided!.InputDigest);
        Assert.Equal(0, bench.Now(task).Rights.Single().Used);
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read() with { Action = "comment" })).Outcome);
    }

    [Fact]
    public async Task Judged_in_order_state_boundary_grant_intent_count_policy()
    {
        // Everything is wrong with this step at once; each thing that is put right shows the next one.
        using TaskBench bench = new(template => template with { OnViolation = ViolationResponse.Deny }, ForbidRead);
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new IntentDraft { ExpectedActions = ["comment"] }) });
        ActionAsk ask = TaskBench.Read("https://git.example/other") with { Boundary = "nowhere" };
        await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
        Assert.Equal(ActionReason.Suspended, (await bench.AskAsync(ask)).Reason);
        await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None);
        Assert.Equal(ActionReason.BoundaryChanged, (await bench.AskAsync(ask)).Reason);
        ask = ask with { Boundary = "" };
        Assert.Equal(ActionReason.NotGranted, (await bench.AskAsync(ask)).Reason);
        ask = ask with { Location = "https://git.example/x" };
        Assert.Equal(ActionReason.NotDeclared, (await bench.AskAsync(ask)).Reason);
        for (int i = 0; i < 3; i++) Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(ask with { Action = "comment" })).Outcome);
        Assert.Equal(TaskRefusal.None, (await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskIntent.None, default, CancellationToken.None)).Refusal);
        Assert.Equal(ActionReason.Exhausted, (await bench.AskAsync(ask)).Reason);

        await bench.Tasks.CompleteAsync(bench.Self, "", "", CancellationToken.None);
        Assert.Equal(ActionReason.Revoked, (await bench.AskAsync(ask, task.Id.ToString())).Reason);
    }

    [Fact]
    public async Task Step_that_was_not_declared_asks_for_another_intent_and_suspends_nothing()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new IntentDraft { ExpectedActions = ["read"], Tools = ["git"], MaxSensitivity = "public" }) });
        Assert.Equal(ActionOutcome.NeedsIntentUpdate, (await bench.AskAsync(TaskBench.Read() with { Action = "comment", Tool = "git" })).Outcome);
        Assert.Equal(ActionOutcome.NeedsIntentUpdate, (await bench.AskAsync(TaskBench.Read() with { Tool = "curl" })).Outcome);
        Assert.Equal(ActionOutcome.NeedsIntentUpdate, (await bench.AskAsync(TaskBench.Read())).Outcome); // Not saying is no way around.
        Assert.Equal(TaskState.Active, bench.Now(task).State);
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read() with { Tool = "git" })).Outcome);
    }

    [Theory]
    [InlineData(ViolationResponse.Suspend, TaskState.Suspended)]
    [InlineData(ViolationResponse.Deny, TaskState.Active)]
    [InlineData(ViolationResponse.Revoke, TaskState.Revoked)]
    public async Task Misrouted_step_is_denied_at_the_boundary_recorded_and_the_template_answers(ViolationResponse response, TaskState state)
    {
        using TaskBench bench = new(template => template with { OnViolation = response });
        TaskView task = await bench.StartAsync();
        string before = (await bench.JwtAsync())!.Token;
        ActionDecision decision = await bench.AskAsync(TaskBench.Read() with { Boundary = "elsewhere" });
        Assert.Equal((ActionOutcome.Deny, ActionReason.BoundaryChanged, state), (decision.Outcome, decision.Reason, decision.TaskState));
        Assert.Equal(state, bench.Now(task).State);
        Assert.Equal(state == TaskState.Active, bench.Issuance.Service.ValidateJwt(before, "repo-api").IsValid);
        Assert.Contains(bench.Written(TaskEntryKind.Withheld), entry => entry.Detail == nameof(ActionReason.BoundaryChanged));
    }

    [Fact]
    public async Task Declared_boundary_is_left_by_another_of_the_template()
    {
        Assert.Equal(ViolationResponse.Suspend, TaskBench.Template("any").OnViolation);
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new IntentDraft { Boundaries = ["inside"] }) });
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read() with { Boundary = "inside" })).Outcome);
        Assert.Equal(ActionReason.BoundaryChanged, (await bench.AskAsync(TaskBench.Read() with { Boundary = "outside" })).Reason);
        Assert.Equal(TaskState.Suspended, bench.Now(task).State);
        Assert.Equal(TaskRefusal.Suspended, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Token_is_for_one_action_one_audience_and_at_most_sixty_seconds()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { ActionTtl = TimeSpan.FromHours(1) } });
        TaskView task = await bench.StartAsync();
        ActionDecision decision = await bench.AskAsync(TaskBench.Read() with { Parameters = TaskBench.Utf8("""{"b":1, "a":2}""") });
        JsonElement claims = TaskBench.ClaimsOf(decision.Token);
        Assert.Equal(task.SpiffeId.ToString(), claims.GetProperty("sub").GetString());
        Assert.Equal("repo-api", claims.GetProperty("aud") is { ValueKind: JsonValueKind.Array } many ? many.EnumerateArray().Single().GetString() : claims.GetProperty("aud").GetString());
        Assert.True(claims.GetProperty("exp").GetInt64() - bench.Time.GetUtcNow().ToUnixTimeSeconds() <= 60);
        JsonElement right = claims.GetProperty("authorization_details").EnumerateArray().Single();
        Assert.Equal(["read"], right.GetProperty("actions").EnumerateArray().Select(action => action.GetString()!));
        Assert.Equal("https://git.example/x/file", right.GetProperty("locations").EnumerateArray().Single().GetString());
        Assert.Equal(1, right.GetProperty("constraints").GetProperty("max_uses").GetInt32());

        string parameters = claims.GetProperty("urn:spiffe-agent:task").GetProperty("params_s256").GetString()!;
        string same = TaskBench.ClaimsOf((await bench.AskAsync(TaskBench.Read() with { Parameters = TaskBench.Utf8("""{"a":2,"b":1}""") })).Token).GetProperty("urn:spiffe-agent:task").GetProperty("params_s256").GetString()!;
        string other = TaskBench.ClaimsOf((await bench.AskAsync(TaskBench.Read() with { Parameters = TaskBench.Utf8("""{"a":2,"b":2}""") })).Token).GetProperty("urn:spiffe-agent:task").GetProperty("params_s256").GetString()!;
        Assert.Equal(parameters, same);
        Assert.NotEqual(parameters, other);
    }

    [Fact]
    public async Task Token_never_passes_four_kibibytes_however_long_the_grant()
    {
        string locations = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"https://git.example/{new string('a', 40)}/{i}\""));
        string audience = new('b', 255);
        string grant = $$"""[{"type":"repo","actions":["read"],"locations":[{{locations}}],"audiences":["{{audience}}"]}]""";
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(grant), Audiences = [audience], Owner = new string('o', 128) });
        await bench.StartAsync();
        Assert.InRange((await bench.JwtAsync(audience: audience))!.Token.Length, 1, 4096);
        ActionDecision action = await bench.AskAsync(TaskBench.Read($"https://git.example/{new string('a', 40)}/7", audience) with { Parameters = TaskBench.Utf8("""{"a":1}""") });
        Assert.InRange(action.Token.Length, 1, 4096);
        Assert.True(bench.Tasks.VerifyToken(action.Token, audience, consume: true).IsValid);
    }

    [Fact]
    public async Task Token_is_spent_by_exactly_one_of_many_and_each_other_is_recorded()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        string token = (await bench.AskAsync(TaskBench.Read())).Token;
        Assert.True(bench.Tasks.VerifyToken(token, "repo-api", consume: false).IsValid); // Looking does not spend it.
        CredentialVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => bench.Tasks.VerifyToken(token, "repo-api", consume: true))));
        Assert.Single(verdicts, verdict => verdict.IsValid);
        Assert.All(verdicts.Where(verdict => !verdict.IsValid), verdict => Assert.Equal("spent", verdict.Reason));
        Assert.Equal(15, bench.Written(TaskEntryKind.Misused).Length);
        Assert.Single(bench.Written(TaskEntryKind.Used));
        Assert.False(bench.Tasks.VerifyToken(token, "repo-api", consume: false).IsValid);
        Assert.Equal(16, bench.Written(TaskEntryKind.Misused).Count(entry => entry.Task == task.Id));
    }

    [Fact]
    public async Task Token_shown_to_another_audience_counts_not_and_is_recorded()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        string token = (await bench.AskAsync(TaskBench.Read())).Token;
        Assert.False(bench.Tasks.VerifyToken(token, "other-api", consume: true).IsValid);
        Assert.Single(bench.Written(TaskEntryKind.Misused));
        Assert.True(bench.Tasks.VerifyToken(token, "repo-api", consume: true).IsValid);
    }

    [Fact]
    public async Task Token_of_a_task_that_is_suspended_or_over_counts_not()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        string first = (await bench.AskAsync(TaskBench.Read())).Token, second = (await bench.AskAsync(TaskBench.Read())).Token;
        await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
        Assert.Equal("suspended", bench.Tasks.VerifyToken(first, "repo-api", consume: true).Reason);
        await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None);
        Assert.False(bench.Tasks.VerifyToken(first, "repo-api", consume: true).IsValid);
        await bench.Tasks.CompleteAsync(bench.Self, "", "", CancellationToken.None);
        Assert.False(bench.Tasks.VerifyToken(second, "repo-api", consume: true).IsValid);
        Assert.Equal(CredentialStatus.Revoked, bench.Tasks.Ledger.StatusOf(CredentialKind.ActionToken, TaskBench.ClaimsOf(second).GetProperty("jti").GetString()!));
    }

    [Fact]
    public async Task Svid_for_an_audience_that_the_template_does_not_name_is_never_minted()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        Assert.NotNull(await bench.JwtAsync(audience: "repo-api"));
        Assert.Null(await bench.JwtAsync(audience: "bank-api"));
        TaskCredentialWish wish = new(X509: false, Wit: false, Spiffe.Agent.Issuance.Svids.AudienceSet.TryCreate(["repo-api", "bank-api"], out _));
        Assert.Equal(TaskRefusal.NothingGranted, (await bench.Tasks.FetchAsync(bench.Self, "", wish, CancellationToken.None)).Refused.Refusal);
        Assert.Single(bench.Written(TaskEntryKind.Misused));
        Assert.DoesNotContain(bench.Written(TaskEntryKind.Issued), entry => entry.Audience == "bank-api");
    }
}
