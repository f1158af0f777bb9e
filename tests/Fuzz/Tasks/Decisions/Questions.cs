using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tests.Fuzz.Tasks.Grants;

namespace Spiffe.Agent.Tests.Fuzz.Tasks.Decisions;

/// <summary>Questions to policies from a small world, and policies that look at one thing each, so that whatever a record left out would change an answer.</summary>
internal static class Questions
{
    private static readonly TaskId[] Ids = [.. Enumerable.Range(0, 4).Select(_ => TaskId.New())];
    private static readonly string[] Words = ["", "a", "b", "é\u2028 \"x\"\\", "\u0001\n", "\U0001F600"];
    private static readonly string[] Parameters =
    [
        "", "{}", """{"n":5}""", """{"n":5.0,"m":"eu"}""", """{"n":-0.000001,"m":""}""", """{"n":1e3}""", """{"n":100000000000000000000}""", """{"n":0.0000001}""", """{"n":null,"m":{"n":5}}""",
        """{"n":5.00001}""", """{"":true,"m":["eu"],"\u00e9":7}""", """{"n":999999999999999,"m":"us"}""",
    ];

    /// <summary>A permit for each thing that policies may see; several are drawn together, one of them asking for people, one forbidding.</summary>
    private static readonly string[] Conditions =
    [
        "true", "context.approvals > 0", "context.goal_s256 like \"*A*\"", "context.intent_changed", "context.intent_s256 like \"*B*\"", "context.reason == \"a\"", "context.sensitivity > 1", "context.ticket == \"b\"",
        "context.time > datetime(\"2026-11-22\")", "context.trigger == \"exec\"", "context.trigger == \"use\"", "principal.depth == 1", "principal.issuer == \"a\"", "principal.subject == \"b\"", "principal.owner == \"a\"",
        "principal.template == \"t\"", "principal in Template::\"t\"", "principal.labels.hasTag(\"a\")", "principal.labels.hasTag(\"b\") && principal.labels.getTag(\"b\") == \"a\"", "principal.selectors.contains(\"unix:uid:1\")",
    ];

    private static readonly string[] UseConditions =
    [
        .. Conditions, "context.action == \"read\"", "context.audience == \"a\"", "context.boundary == \"a\"", "context.datatype == \"diff\"", "context.identifier == \"7\"", "context.location like \"https*\"",
        "context.remaining > 1", "context.tool == \"b\"", "context.type == \"desk\"", "context.uses + 9223372036854775800 > 0", "resource in Place::\"https://h/repo\"", "context.parameters.contains(\"n\")",
        "context.numbers.hasTag(\"n\") && context.numbers.getTag(\"n\").lessThan(decimal(\"5.5\"))", "context.texts.hasTag(\"m\") && context.texts.getTag(\"m\") == \"eu\"", "context.parameters.contains(\"\")",
    ];

    public static Gen<TaskQuestion> Any =>
        from act in Gen.Elements(Enum.GetValues<TaskAct>())
        from task in Facts
        from intent in Intent
        from isChanged in Gen.Elements(true, false)
        from trigger in Gen.Elements("", "exec", "use")
        from approvals in Gen.Choose(0, 2)
        from milliseconds in Gen.Choose(-1_000, 1_000)
        from action in Action
        from uses in Gen.Choose(0, 12)
        from remaining in Gen.Elements<long?>(null, 0, 1, 2, GrantLimits.MaxUses)
        select new TaskQuestion
        {
            Act = act,
            Task = new TaskEntities(task),
            Now = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(milliseconds),
            Intent = intent,
            IntentChanged = isChanged,
            Trigger = trigger,
            Approvals = approvals,
            Action = act == TaskAct.Use ? action : null,
            Uses = uses,
            Remaining = remaining,
        };

    public static Gen<TaskPolicies> Policies =>
        from permits in Gen.ArrayOf(Policy("permit"), 2)
        from asking in Policy("@obligation(\"approval\") permit")
        from forbids in Gen.ArrayOf(Policy("forbid"), 1)
        select Compile([.. permits, asking, .. forbids]);

    private static Gen<string> Policy(string effect) =>
        from isUse in Gen.Elements(true, false)
        from condition in Gen.Elements(isUse ? UseConditions : Conditions)
        from other in Gen.Elements(isUse ? UseConditions : Conditions)
        from isBoth in Gen.Elements(true, false)
        let scope = isUse ? "action == Action::\"use\"" : "action"
        let when = effect == "forbid" || isBoth ? $"({condition}) && ({other})" : condition
        select $"{effect}(principal, {scope}, resource) when {{ {when} }};";

    private static Gen<TaskFacts> Facts =>
        from words in Gen.ArrayOf(Gen.Elements(Words), 4)
        from template in Gen.Elements("t", "u")
        from depth in Gen.Choose(0, 2)
        from labels in Gen.ArrayOf(Gen.Elements(Words[1..]), 2)
        from selectors in Gen.SubListOf<string>("unix:uid:1", "unix:uid:10", "docker:label:a:b", "a-:x", "a:x\u0007")
        select new TaskFacts
        {
            Id = Ids[3],
            Template = template,
            Owner = words[0],
            Issuer = words[1],
            Subject = words[2],
            Ancestors = [.. Ids[..depth]],
            Labels = labels.Distinct(StringComparer.Ordinal).ToImmutableSortedDictionary(name => name, _ => words[3], StringComparer.Ordinal),
            Selectors = new SelectorSet(selectors.Select(text => new Selector(text[..text.IndexOf(':', StringComparison.Ordinal)], text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]))),
        };

    private static Gen<TaskIntent> Intent =>
        from words in Gen.ArrayOf(Gen.Elements("", "a", "b"), 3)
        from most in Gen.Elements("", "public", "confidential")
        let isRead = TaskIntent.TryCreate(new IntentDraft { Goal = words[0], Reason = words[1], Ticket = words[2], MaxSensitivity = most }, out TaskIntent? intent, out _) ? intent : TaskIntent.None
        select isRead;

    private static Gen<ActionQuestion> Action =>
        from action in Some.Question
        from words in Gen.ArrayOf(Gen.Elements<string?>([null, .. Words[1..]]), 2)
        from parameters in Gen.Elements(Parameters)
        select action with
        {
            Tool = words[0],
            Boundary = words[1],
            Parameters = ActionParameters.TryParse(Encoding.UTF8.GetBytes(parameters), out ActionParameters? read) ? read : throw new FormatException(parameters),
        };

    private static TaskPolicies Compile(string[] texts) =>
        TaskPolicies.TryCompile([.. texts.Select((text, i) => new PolicySource($"p{i}", text))], out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults) ? policies : throw new FormatException(string.Join('\n', faults));
}
