using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Tests.Unit.Tasks.Decisions;

/// <summary>What the operator's policies decide about tasks, and how they fail: closed.</summary>
public sealed class TaskPoliciesTests
{
    private static readonly TaskEntities Task = new(new TaskFacts
    {
        Id = TaskId.New(),
        Template = "code-review",
        Owner = "team-a",
        Ancestors = [TaskId.New()],
        Issuer = "https://ci",
        Subject = "alice",
        Selectors = new SelectorSet([new Selector("unix", "uid:1001")]),
        Labels = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("stage", "build")]),
    });

    private static readonly TaskQuestion Start = new() { Act = TaskAct.Start, Task = Task, Now = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), Intent = TaskIntent.None };

    private static readonly TaskQuestion Use = Start with
    {
        Act = TaskAct.Use,
        Action = new ActionQuestion { Type = "repo", Action = "read", Location = GrantLocation.Parse("https://repo/x/y"), Tool = "git", Parameters = Parameters("""{"amount":99.5,"region":"eu"}""") },
        Uses = 2,
        Remaining = 3,
    };

    [Fact]
    public void Without_policies_the_grants_decide_and_the_decision_says_so()
    {
        TaskDecision decision = TaskPolicies.BuiltIn.Decide(Use, "id1");

        Assert.Equal((TaskVerdict.Permit, "builtin", "builtin", "id1"), (decision.Verdict, decision.Reasons.Single(), decision.PolicyDigest, decision.Id));
    }

    [Fact]
    public void What_nothing_permits_is_denied() => Assert.Equal(TaskVerdict.Deny, Compile("permit(principal, action == Action::\"start\", resource);").Decide(Use, "d").Verdict);

    [Theory]
    [InlineData("""principal in Template::"code-review" && principal.owner == "team-a" && principal.subject == "alice" && principal.depth == 1""")]
    [InlineData("""principal.selectors.contains("unix:uid:1001") && principal.labels.hasTag("stage") && principal.labels.getTag("stage") == "build" """)]
    [InlineData("""resource in Place::"https://repo/x" && resource in Place::"https://repo" && !(resource in Place::"https://repo/x/") && !(resource in Place::"https://rep")""")]
    [InlineData("""context.action == "read" && context.tool == "git" && context.audience == "" && context.uses == 2 && context.remaining == 3 && context.sensitivity == 0""")]
    [InlineData("""context.time > datetime("2026-11-22T11:59:59Z") && context.time.toTime() < duration("18h") && context.trigger == "use" """)]
    [InlineData("""context.numbers.hasTag("amount") && context.numbers.getTag("amount").lessThan(decimal("100.0")) && context.texts.hasTag("region") && context.texts.getTag("region") == "eu" && context.parameters.contains("amount")""")]
    public void Policies_see_the_task_the_place_the_moment_and_the_parameters(string condition)
    {
        Assert.Equal(TaskVerdict.Permit, Compile($"permit(principal, action == Action::\"use\", resource) when {{ {condition} }};").Decide(Use, "d").Verdict);
        Assert.Equal(TaskVerdict.Deny, Compile($"permit(principal, action == Action::\"use\", resource) unless {{ {condition} }};").Decide(Use, "d").Verdict);
    }

    [Fact]
    public void A_forbid_overrides_and_one_that_fails_denies_where_Cedar_alone_would_permit()
    {
        const string Permit = "permit(principal, action, resource);";
        const string Failing = "forbid(principal, action == Action::\"use\", resource) when { context.uses + 9223372036854775807 > 0 };";
        TaskDecision decision = Compile(Permit + Failing).Decide(Use, "d");

        Assert.Equal(TaskVerdict.Deny, Compile(Permit + "forbid(principal, action, resource) when { context.sensitivity < 4 };").Decide(Use, "d").Verdict);
        Assert.Equal((TaskVerdict.Deny, 1), (decision.Verdict, decision.Errors.Length));
        Assert.Equal("p.cedar#policy0", decision.Reasons.Single()); // What plain Cedar would have permitted by.
        Assert.Equal(TaskVerdict.Permit, Compile(Permit + Failing.Replace("forbid", "permit", StringComparison.Ordinal)).Decide(Use, "d").Verdict);
    }

    [Fact]
    public void People_are_asked_unless_something_permits_outright()
    {
        const string Asking = "@id(\"asks\") @obligation(\"approval\") permit(principal, action, resource);";
        TaskDecision decision = Compile(Asking).Decide(Start, "d");

        Assert.Equal((TaskVerdict.NeedsApproval, "p.cedar#asks"), (decision.Verdict, decision.Reasons.Single()));
        Assert.Equal(TaskVerdict.Permit, Compile(Asking + "permit(principal, action == Action::\"start\", resource);").Decide(Start, "d").Verdict);
        Assert.Equal(TaskVerdict.Deny, Compile(Asking + "forbid(principal, action, resource);").Decide(Start, "d").Verdict);
    }

    [Theory]
    [InlineData("permit(principal, action, resource) when { context.nope };", 1)]
    [InlineData("permit(principal, action == Action::\"erase\", resource);", 1)]
    [InlineData("permit(principal, action, resource)", 1)]
    [InlineData("@obligation(\"aproval\") permit(principal, action, resource);", 1)]
    [InlineData("permit(principal, action, resource);\n@obligation(\"approval\") forbid(principal, action, resource);", 2)]
    [InlineData("permit(principal == ?principal, action, resource);", 1)]
    public void Policies_that_are_not_wholly_understood_are_refused_with_their_place(string text, int line)
    {
        Assert.False(TaskPolicies.TryCompile([new PolicySource("p.cedar", text)], out _, out ImmutableArray<PolicyFault> faults));
        Assert.Contains(faults, fault => fault.Line == line && fault.Source == "p.cedar");
    }

    [Fact]
    public void The_digest_is_over_names_texts_and_their_order()
    {
        PolicySource a = new("a", "permit(principal, action, resource);"), b = new("b", "forbid(principal, action == Action::\"spawn\", resource);");
        string[] digests = [Digest(a, b), Digest(b, a), Digest(a), Digest(a with { Name = "c" }, b), Digest(a with { Text = a.Text + " " }, b)];

        Assert.Equal(digests.Length, digests.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Digest(a, b), Digest(a, b));
        Assert.False(TaskPolicies.TryCompile([], out _, out _));
        Assert.False(TaskPolicies.TryCompile([a, a], out _, out _));

        static string Digest(params PolicySource[] sources) => TaskPolicies.TryCompile(sources, out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults) ? policies.Digest : throw new FormatException(faults[0].ToString());
    }

    [Fact]
    public void A_question_is_recorded_under_a_digest_of_all_that_it_says()
    {
        TaskQuestion[] others =
        [
            Use with { Uses = 1 }, Use with { Remaining = null }, Use with { Approvals = 1 }, Use with { IntentChanged = true }, Use with { Trigger = "exec" }, Use with { Now = Use.Now.AddMilliseconds(1) },
            Use with { Action = Use.Action! with { Parameters = Parameters("""{"amount":99.6}""") } }, Use with { Action = Use.Action with { Tool = "curl" } }, Use with { Task = new TaskEntities(Task.Facts with { Owner = "team-b" }) },
        ];
        string[] digests = [.. others.Append(Use).Select(question => TaskPolicies.BuiltIn.Decide(question, "d").InputDigest)];

        Assert.Equal(digests.Length, digests.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(digests[^1], TaskPolicies.BuiltIn.Decide(Use with { Task = new TaskEntities(Task.Facts) }, "e").InputDigest);
    }

    [Theory]
    [InlineData("100.00001")]
    [InlineData("1e5")]
    [InlineData("100000000000000000000")]
    [InlineData("101.0000001")]
    [InlineData("999999999999999")]
    public void A_number_that_policies_cannot_see_is_no_way_around_them(string amount)
    {
        TaskPolicies limit = Compile("permit(principal, action, resource); forbid(principal, action == Action::\"use\", resource) when { context.numbers.hasTag(\"amount\") && context.numbers.getTag(\"amount\").greaterThan(decimal(\"100.0\")) };");
        TaskDecision decision = limit.Decide(Use with { Action = Use.Action! with { Parameters = Parameters($$"""{"amount":{{amount}}}""") } }, "d");

        Assert.Equal(TaskVerdict.Deny, decision.Verdict);
        Assert.StartsWith("parameter amount:", decision.Errors.Single(), StringComparison.Ordinal);
        Assert.Equal(TaskVerdict.Permit, limit.Decide(Use, "d").Verdict);
    }

    [Fact]
    public void What_cannot_be_recorded_is_not_permitted()
    {
        TaskQuestion large = Use with { Task = new TaskEntities(Task.Facts with { Selectors = new SelectorSet([.. Enumerable.Range(0, 16).Select(i => new Selector("docker", $"env:{i}{new string('x', 4_080)}"))]) }) };
        TaskDecision decision = TaskPolicies.BuiltIn.Decide(large, "d");

        Assert.Equal((TaskVerdict.Deny, true), (decision.Verdict, decision.Input.IsEmpty));
        Assert.Contains("65535", decision.Errors.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_neither_constraints_nor_policies_see_of_parameters_is_not_recorded()
    {
        TaskDecision decision = TaskPolicies.BuiltIn.Decide(Use with { Action = Use.Action! with { Parameters = Parameters("""{"header":{"authorization":"Bearer hidden"},"list":["hidden"],"region":"eu"}""") } }, "d");
        string record = Encoding.UTF8.GetString(decision.Input.Span);

        Assert.DoesNotContain("hidden", record, StringComparison.Ordinal);
        Assert.Contains(""""others":["header","list"],"params_s256":"""", record, StringComparison.Ordinal);
    }

    private static TaskPolicies Compile(string text) =>
        TaskPolicies.TryCompile([new PolicySource("p.cedar", text)], out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults) ? policies : throw new FormatException(string.Join('\n', faults));

    private static ActionParameters Parameters(string json) => ActionParameters.TryParse(Encoding.UTF8.GetBytes(json), out ActionParameters? parameters) ? parameters : throw new FormatException(json);
}
