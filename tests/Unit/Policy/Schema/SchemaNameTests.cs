using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Schema.Types;

namespace Spiffe.Agent.Tests.Unit.Policy.Schema;

public sealed class SchemaNameTests
{
    [Theory]
    [InlineData("entity A; namespace N { entity E { x: A }; }", "A")]
    [InlineData("namespace N { entity A; entity E { x: A }; }", "N::A")]
    [InlineData("namespace N { entity E { x: M::A }; } namespace M { entity A; }", "M::A")]
    [InlineData("namespace N { entity A; type A = Long; entity E { x: A }; }", "Long")]
    [InlineData("namespace N { entity String; entity E { x: String }; }", "N::String")]
    [InlineData("namespace N { entity String; entity E { x: __cedar::String }; }", "String")]
    [InlineData("entity Long; namespace N { entity E { x: Long }; }", "Long")]
    [InlineData("type ipaddr = decimal; namespace N { entity E { x: ipaddr }; }", "decimal")]
    [InlineData("type T = U; type U = Set<V>; type V = { y: W }; type W = Bool; namespace N { entity E { x: T }; }", "Set<{y}>")]
    [InlineData("action a; namespace N { entity E { x: Action }; }", "Action")]
    public void A_name_means_what_is_nearest_and_a_common_type_before_an_entity_type(string text, string type) =>
        Assert.Equal(type, TypeOfX(Given.Schema(text)).ToString());

    [Fact]
    public void An_entity_type_that_hides_a_built_in_type_is_meant_by_its_name() =>
        Assert.IsType<EntityReferenceType>(TypeOfX(Given.Schema("entity Long; namespace N { entity E { x: Long }; }")));

    [Fact]
    public void Hiding_a_built_in_type_is_warned_of() =>
        Assert.Contains("hides", Assert.Single(PolicySchema.Parse("entity Long;").Warnings).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("entity E { x: Nowhere };", "Nowhere")]
    [InlineData("entity E in Nowhere;", "Nowhere")]
    [InlineData("type T = Long; entity E in T;", "T")]
    [InlineData("entity E tags Nowhere;", "Nowhere")]
    [InlineData("type T = Nowhere;", "Nowhere")]
    [InlineData("entity E; action a appliesTo { principal: Nowhere, resource: E };", "Nowhere")]
    [InlineData("entity E; action a appliesTo { principal: E, resource: Action };", "Action")]
    [InlineData("entity E; action a appliesTo { principal: E, resource: E, context: E };", "E")]
    [InlineData("type T = Long; entity E; action a appliesTo { principal: E, resource: E, context: T };", "T")]
    [InlineData("action a in b;", "b")]
    [InlineData("action a in N::Action::\"b\"; namespace N { action c; }", "N::Action::\"b\"")]
    [InlineData("namespace N { entity E { x: __cedar::Nothing }; }", "__cedar::Nothing")]
    public void What_nobody_declares_is_shown(string text, string culprit) => Assert.Equal([culprit], Given.Culprits(text));

    [Theory]
    [InlineData("entity A; entity A;", "A")]
    [InlineData("entity A, A;", "A")]
    [InlineData("type A = Long; type A = Long;", "A")]
    [InlineData("action a; action \"a\";", "\"a\"")]
    [InlineData("namespace N { } namespace N { }", "N")]
    [InlineData("namespace __cedar { }", "__cedar")]
    [InlineData("namespace N::__cedar { }", "N::__cedar")]
    [InlineData("entity __cedar;", "__cedar")]
    [InlineData("type __cedar = Long;", "__cedar")]
    [InlineData("entity Action;", "Action")]
    [InlineData("type Record = Long;", "Record")]
    [InlineData("entity A; namespace N { entity A; }", "A")]
    [InlineData("type A = Long; namespace N { entity A; }", "A")]
    [InlineData("action a; namespace N { action a; }", "a")]
    public void Names_that_may_not_be_declared_are_shown(string text, string culprit) => Assert.Equal([culprit], Given.Culprits(text));

    [Theory]
    [InlineData("type A = A;")]
    [InlineData("type A = Set<B>; type B = { x?: A };")]
    [InlineData("namespace N { type A = M::B; } namespace M { type B = N::A; }")]
    public void A_common_type_does_not_contain_itself(string text) => Assert.NotEmpty(Given.Culprits(text));

    [Fact]
    public void An_action_is_not_in_itself()
    {
        Assert.NotEmpty(Given.Culprits("action a in a;"));
        Assert.NotEmpty(Given.Culprits("action a in b; action b in c; action c in a;"));
    }

    [Fact]
    public void An_entity_type_may_be_in_itself_and_then_is_its_own_ancestor()
    {
        PolicySchema schema = Given.Schema("entity Folder in Folder; entity File in Folder;");

        Assert.Equal(["Folder"], schema.FindEntityType("Folder")!.Ancestors);
        Assert.Equal(["File", "Folder"], schema.FindEntityType("Folder")!.Descendants.Order(StringComparer.Ordinal));
        Assert.Empty(schema.FindEntityType("File")!.Descendants);
    }

    [Fact]
    public void A_long_chain_of_common_types_is_resolved_without_recursion() =>
        Assert.Empty(PolicySchema.Parse(string.Concat(Enumerable.Range(0, 20_000).Select(n => $"type T{n} = T{n + 1};")) + "type T20000 = Long;").Errors);

    [Fact]
    public void Common_types_that_nest_too_deep_are_refused() =>
        Assert.NotEmpty(Given.Culprits(string.Concat(Enumerable.Range(0, 1_000).Select(n => $"type T{n} = Set<T{n + 1}>;")) + "type T1000 = Long;"));

    [Fact]
    public void Common_types_that_double_at_every_step_are_refused() =>
        Assert.NotEmpty(Given.Culprits(string.Concat(Enumerable.Range(0, 60).Select(n => $"type T{n} = {{ a: T{n + 1}, b: T{n + 1} }};")) + "type T60 = Long;"));

    [Fact]
    public void A_hierarchy_with_too_many_ancestors_is_refused() =>
        Assert.NotEmpty(Given.Culprits(string.Concat(Enumerable.Range(0, 2_000).Select(n => $"entity T{n} in T{n + 1};")) + "entity T2000;"));

    [Fact]
    public void Too_many_kinds_of_requests_are_refused()
    {
        string types = string.Join(", ", Enumerable.Range(0, 1_100).Select(n => $"T{n}"));

        Assert.NotEmpty(Given.Culprits($"entity {types}; action a appliesTo {{ principal: [{types}], resource: [{types}] }};"));
    }

    private static CedarType TypeOfX(PolicySchema schema) => schema.FindEntityType("N::E")!.Attributes.Find("x")!.Type;
}
