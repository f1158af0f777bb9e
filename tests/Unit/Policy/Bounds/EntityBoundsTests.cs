using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Values;
using static Spiffe.Agent.Tests.Unit.Policy.Bounds.Sources;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>Whatever the entities are, their hierarchy is closed in time or refused with a reason.</summary>
public sealed class EntityBoundsTests
{
    [Fact]
    public void A_hierarchy_five_thousand_deep_is_taken_on_a_small_stack()
    {
        EntityUid[] chain = Uids("G", 5_000);
        EntityData[] entities = [Entity(Alice, chain[0]), .. chain.Select((uid, i) => i + 1 < chain.Length ? Entity(uid, chain[i + 1]) : Entity(uid))];
        PolicySet policies = Compile($"permit(principal in {chain[^1]}, action, resource);");

        bool isAllowed = OwnThread.Run(OwnThread.SmallStack, () =>
            EntityStore.TryCreate(entities, out EntityStore? store, out _) && policies.Decide(Request(ValueRecord.Empty), store).IsAllowed);

        Assert.True(isAllowed);
    }

    [Fact]
    public void A_hierarchy_a_hundred_thousand_deep_is_refused_with_a_reason()
    {
        EntityUid[] chain = Uids("G", 100_000);

        Assert.Contains("16 Mi pairs", Refusal([.. chain.Select((uid, i) => i + 1 < chain.Length ? Entity(uid, chain[i + 1]) : Entity(uid))]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100_000)]
    public void A_circle_is_refused_with_a_reason(int length)
    {
        EntityUid[] circle = Uids("G", length);

        Assert.Contains("above itself", Refusal([.. circle.Select((uid, i) => Entity(uid, circle[(i + 1) % length]))]), StringComparison.Ordinal);
    }

    [Fact]
    public void Sharing_at_every_level_does_not_multiply()
    {
        // Forty levels of two, each below both of the next: 2^40 paths, 80 entities.
        EntityUid[] uids = Uids("G", 80);
        EntityData[] entities = [.. uids.Select((uid, i) => i < 78 ? Entity(uid, uids[(i / 2 * 2) + 2], uids[(i / 2 * 2) + 3]) : Entity(uid))];

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => EntityStore.TryCreate(entities, out EntityStore? store, out _) && store.IsIn(uids[0], uids[79])));
    }

    [Fact]
    public void Many_below_many_below_a_long_chain_are_refused_before_they_cost_much()
    {
        // Few pairs come of it, but a thousand million steps: what is above each of the thousand is read for each of the thousand below them.
        EntityUid[] chain = Uids("C", 1_000), middle = Uids("M", 1_500), low = Uids("L", 1_500);
        EntityData[] entities =
        [
            .. chain.Select((uid, i) => i + 1 < chain.Length ? Entity(uid, chain[i + 1]) : Entity(uid)),
            .. middle.Select(uid => Entity(uid, chain[0])), .. low.Select(uid => Entity(uid, middle)),
        ];

        Assert.NotEmpty(Refusal(entities));
    }

    [Fact]
    public void An_entity_with_two_hundred_thousand_parents_is_taken() =>
        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => EntityStore.TryCreate([Entity(Alice, Uids("G", 200_000))], out _, out _)));

    private static EntityUid[] Uids(string type, int count) => [.. Enumerable.Range(0, count).Select(i => new EntityUid(type, $"{i}"))];

    private static string Refusal(EntityData[] entities) => OwnThread.Run(OwnThread.SmallStack, () =>
    {
        Assert.False(EntityStore.TryCreate(entities, out _, out string? error));
        return error;
    });
}
