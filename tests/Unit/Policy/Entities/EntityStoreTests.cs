using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Unit.Policy.Entities;

public sealed class EntityStoreTests
{
    [Fact]
    public void What_is_above_a_parent_is_above_its_child()
    {
        Assert.True(EntityStore.TryCreate([Entity("c", "d"), Entity("a", "b", "x"), Entity("b", "c")], out EntityStore? store, out _));

        Assert.Equal(["b", "c", "d", "x"], store.AncestorsOf(Uid("a")).Select(uid => uid.Id).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("b", "a")]
    public void A_circle_is_refused(string parentOfA, string parentOfB)
    {
        Assert.False(EntityStore.TryCreate([Entity("a", parentOfA), Entity("b", parentOfB)], out _, out string? error));
        Assert.Contains("above itself", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diamond_is_no_circle() =>
        Assert.True(EntityStore.TryCreate([Entity("a", "b", "c"), Entity("b", "d"), Entity("c", "d"), Entity("d")], out _, out _));

    [Fact]
    public void One_name_for_two_entities_is_refused_and_for_one_entity_twice_is_not()
    {
        Assert.True(EntityStore.TryCreate([Entity("a", "b"), Entity("a", "b")], out _, out _));
        Assert.False(EntityStore.TryCreate([Entity("a", "b"), Entity("a", "c")], out _, out _));
    }

    [Fact]
    public void A_chain_of_thousands_needs_no_deep_stack()
    {
        EntityData[] chain = [.. Enumerable.Range(0, 4_000).Select(i => Entity($"{i}", $"{i + 1}"))];

        Assert.True(EntityStore.TryCreate(chain, out EntityStore? store, out _));
        Assert.True(store.IsIn(Uid("0"), Uid("4000")));
    }

    [Fact]
    public void A_hierarchy_that_is_too_wide_and_deep_is_refused_soon()
    {
        string[] top = [.. Enumerable.Range(0, 2_000).Select(i => $"top{i}")];
        string[] middle = [.. Enumerable.Range(0, 4_000).Select(i => $"middle{i}")];
        EntityData[] entities = [.. middle.Select(id => Entity(id, top)), .. Enumerable.Range(0, 2).Select(i => Entity($"{i}", middle))];

        Assert.False(EntityStore.TryCreate(entities, out _, out string? error));
        Assert.Contains("16 Mi", error, StringComparison.Ordinal);
    }

    private static EntityUid Uid(string id) => new("T", id);

    private static EntityData Entity(string id, params string[] parents) => new(Uid(id), ValueRecord.Empty, [.. parents.Select(Uid)], ValueRecord.Empty);
}
