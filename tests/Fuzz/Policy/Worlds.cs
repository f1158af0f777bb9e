using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Policies, entities and requests over few names, so that scopes often match, conditions often hold, and some fail.</summary>
internal static class Worlds
{
    private static readonly EntityUid[] Groups = [.. Enumerable.Range(0, 4).Select(i => new EntityUid("Group", $"{i}"))];
    private static readonly EntityUid[] Users = [.. Enumerable.Range(0, 3).Select(i => new EntityUid("User", $"{i}"))];
    private static readonly EntityUid[] Actions = [new("Action", "read"), new("Action", "write"), new("Action", "all")];

    private static readonly string[] Conditions =
    [
        "true", "false", "context.n > 1", "context has n && context.n + 1 == 3", "context.missing", "principal.level >= resource.level", "resource.owner == principal",
        "principal.level * 9223372036854775807 > 0", "\"no bool\"", "principal in resource.readers", "context.words.containsAny([\"a\", \"b\"])", "1 < \"a\"",
        "principal is User && principal.level == 1", "if context.n == 2 then resource in Group::\"1\" else principal in [Group::\"2\", Group::\"3\"]",
        "ip(context.address).isLoopback()", "decimal(\"1.0\").lessThan(decimal(context.address))", "principal.hasTag(\"t\") && principal.getTag(\"t\") like \"x*\"",
        "{a: context.n} == {a: 2}", "action in Action::\"all\"", "resource == Group::\"0\" || resource.level < 2",
    ];

    /// <summary>Parsed policies, with their ids; up to a dozen.</summary>
    public static Gen<ImmutableArray<PolicyStatement>> Policies =>
        from count in Gen.Choose(0, 12)
        from policies in Gen.ArrayOf(Policy, count)
        select Parse(string.Concat(policies));

    public static Gen<EntityStore> Stores =>
        from users in Gen.ArrayOf(Entities(0, Users), 1)
        from groups in Gen.ArrayOf(Entities(1, Groups), 1)
        from isRead in Gen.Elements(true, false)
        from known in Gen.Choose(1, 15)
        select Store([.. users[0], .. groups[0], Plain(Actions[0], isRead ? [Actions[2]] : []), Plain(Actions[2])], known);

    public static Gen<AuthorizationRequest> Requests =>
        from principal in Gen.Elements(Users)
        from action in Gen.Elements(Actions)
        from resource in Gen.Elements([.. Groups, .. Users])
        from n in Gen.Choose(0, 3)
        from address in Gen.Elements("::1", "127.0.0.1", "10.0.0.1/8", "2.5", "no")
        select new AuthorizationRequest(principal, action, resource, ValueRecord.Of(
        [
            KeyValuePair.Create("n", Value.Of((long)n)), KeyValuePair.Create("address", Value.Of(address)),
            KeyValuePair.Create("words", Value.Of(ValueSet.Of(Value.Of("a"), Value.Of($"{n}")))),
        ]));

    /// <summary>All three.</summary>
    public static Arbitrary<(ImmutableArray<PolicyStatement> Policies, EntityStore Entities, AuthorizationRequest Request)> All =>
        Arb.From(from policies in Policies from entities in Stores from request in Requests select (policies, entities, request));

    private static Gen<string> Policy =>
        from effect in Gen.Elements("permit", "permit", "forbid")
        from principal in Scope("principal")
        from action in Gen.Elements(
            "action", "action", "action == Action::\"read\"", "action in Action::\"all\"", "action in [Action::\"read\", Action::\"all\"]", "action in [Action::\"write\", Action::\"write\"]", "action in []")
        from resource in Scope("resource")
        from kinds in Gen.Choose(0, 3)
        from first in Gen.Elements(Conditions)
        from second in Gen.Elements(Conditions)
        select $"{effect}({principal}, {action}, {resource}){When(kinds > 0, "when", first)}{When(kinds > 2, "unless", second)};\n";

    private static Gen<string> Scope(string variable) =>
        from type in Gen.Elements("User", "Group")
        from i in Gen.Choose(0, 3)
        from text in Gen.Elements(variable, variable, $"{variable} == {type}::\"{i}\"", $"{variable} in {type}::\"{i}\"", $"{variable} is {type}", $"{variable} is {type} in Group::\"{i}\"")
        select text;

    private static string When(bool isThere, string kind, string condition) => isThere ? $" {kind} {{ {condition} }}" : "";

    /// <summary>Each is in some of the groups whose number is not below what is given, and above its own.</summary>
    private static Gen<EntityData[]> Entities(int above, EntityUid[] uids) =>
        from parents in Gen.ArrayOf(Gen.Choose(0, 15), uids.Length)
        from levels in Gen.ArrayOf(Gen.Choose(0, 3), uids.Length)
        select uids.Select((uid, i) => new EntityData(
            uid,
            ValueRecord.Of(
            [
                KeyValuePair.Create("level", Value.Of((long)levels[i])), KeyValuePair.Create("owner", Value.Of(Users[levels[i] % Users.Length])),
                KeyValuePair.Create("readers", Value.Of(ValueSet.Of(Value.Of(Groups[levels[i]]), Value.Of(Users[0])))),
            ]),
            [.. Groups.Where((_, g) => (parents[i] & (1 << g)) != 0 && g >= (above == 0 ? 0 : i + 1))],
            levels[i] == 0 ? ValueRecord.Empty : ValueRecord.Of([KeyValuePair.Create("t", Value.Of(levels[i] == 1 ? "xyz" : "abc"))]))).ToArray();

    private static EntityData Plain(EntityUid uid, params EntityUid[] parents) => new(uid, ValueRecord.Empty, [.. parents], ValueRecord.Empty);

    /// <summary>A store of these, but not of all: some entities are not known.</summary>
    private static EntityStore Store(EntityData[] entities, int known) =>
        EntityStore.TryCreate(entities.Where((_, i) => i % 4 == 3 || (known & (1 << (i % 4))) != 0), out EntityStore? store, out string? error) ? store : throw new ArgumentException(error);

    private static ImmutableArray<PolicyStatement> Parse(string source) =>
        PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors) ? text.Statements : throw new ArgumentException($"{errors[0]} in {source}");
}
