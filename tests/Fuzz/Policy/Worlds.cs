using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Entities and requests over few names, and the policies of <see cref="PolicyTexts"/> about them.</summary>
internal static class Worlds
{
    private static readonly EntityUid[] Groups = [.. Enumerable.Range(0, 4).Select(i => new EntityUid("Group", $"{i}"))];
    private static readonly EntityUid[] Users = [.. Enumerable.Range(0, 3).Select(i => new EntityUid("User", $"{i}"))];
    private static readonly EntityUid[] Actions = [new("Action", "read"), new("Action", "write"), new("Action", "all")];

    /// <summary>Parsed policies, with their ids; up to a dozen.</summary>
    public static Gen<ImmutableArray<PolicyStatement>> Policies => PolicyTexts.Sets.Select(Parse);

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
