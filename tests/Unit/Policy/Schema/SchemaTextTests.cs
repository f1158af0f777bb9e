using Spiffe.Agent.Policy.Schema;

namespace Spiffe.Agent.Tests.Unit.Policy.Schema;

public sealed class SchemaTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("// nothing but a comment")]
    [InlineData("entity A;")]
    [InlineData("entity A, B in [C] = { x: Long, }; entity C { \"any name\"?: Set<Set<String>> } tags Set<Long>;")]
    [InlineData("entity A in B; entity B;")]
    [InlineData("entity A in [];")]
    [InlineData("entity Colour enum [\"red\", \"\\u{1F7E2}\"];")]
    [InlineData("@doc(\"why\") @id namespace A::B { @x entity C { @y z: Bool }; @z action a; }")]
    [InlineData("action \"a b\", c in [all, Action::\"all\"]; action all attributes {};")]
    [InlineData("entity U; type C = { x: U }; action a appliesTo { principal: U, resource: [U], context: C, };")]
    [InlineData("entity entity, type, Set, tags, appliesTo { namespace: Set<entity>, x: Set };")]
    [InlineData("type T = __cedar::String; entity E { a: T, b: ipaddr, c: __cedar::decimal, d: datetime, e: duration };")]
    public void What_the_grammar_allows_is_read(string text) => Assert.Empty(PolicySchema.Parse(text).Errors);

    [Theory]
    [InlineData("entity A", "")]
    [InlineData("entity A = ;", ";")]
    [InlineData("entity A { x Long };", "Long")]
    [InlineData("entity A { x: };", "}")]
    [InlineData("entity A { x: Set<Long };", "}")]
    [InlineData("entity A { , };", ",")]
    [InlineData("entity in;", "in")]
    [InlineData("entity A::B;", "::")]
    [InlineData("entity A enum [];", "]")]
    [InlineData("entity A enum [\"a\",];", "]")]
    [InlineData("entity A enum [\"a\"] tags Long;", "tags")]
    [InlineData("entity A tags Long { x: Long };", "{")]
    [InlineData("type A::B = Long;", "::")]
    [InlineData("namespace A { entity B;", "")]
    [InlineData("namespace A { namespace B {} }", "namespace")]
    [InlineData("action a in [];", "]")]
    [InlineData("action a in A::B;", ";")]
    [InlineData("action a appliesTo {};", "}")]
    [InlineData("action a attributes { x: 1 };", "x")]
    [InlineData("entity A { \"\\q\": Long };", "\\q")]
    [InlineData("entity A #;", "#")]
    public void What_the_grammar_does_not_allow_is_shown(string text, string culprit) => Assert.Equal(culprit, Given.Culprits(text).First());

    [Fact]
    public void Faults_of_all_declarations_are_reported_at_once() =>
        Assert.Equal([";", "?", "Nowhere"], Given.Culprits("entity A = ; namespace N { type T = ?; entity B { ok: Long }; } entity C in Nowhere;").Order(Comparer<string>.Create((a, b) => Place(a) - Place(b))));

    [Fact]
    public void An_action_says_to_whom_and_to_what_it_applies_and_only_once()
    {
        Assert.Single(Given.Culprits("entity U; action a appliesTo { principal: U };"));
        Assert.Single(Given.Culprits("entity U; action a appliesTo { resource: U };"));
        Assert.Single(Given.Culprits("entity U; action a appliesTo { principal: [], resource: U };"));
        Assert.Single(Given.Culprits("entity U; action a appliesTo { principal: U, principal: U, resource: U };"));
        Assert.Single(Given.Culprits("entity U; action a appliesTo { principal: U, resource: U, context: {}, context: {} };"));
    }

    [Fact]
    public void Of_two_attributes_of_one_name_the_later_counts_and_a_warning_says_so()
    {
        SchemaReading reading = PolicySchema.Parse("entity A { x: Long, x?: String };");

        Assert.Contains("twice", Assert.Single(reading.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal("{x?}", reading.Schema!.FindEntityType("A")!.Attributes.ToString());
    }

    [Fact]
    public void An_annotation_stands_once() => Assert.Equal(["a"], Given.Culprits("@a @b @a entity E;"));

    [Fact]
    public void Types_nested_too_deep_are_refused_without_a_stack_overflow() =>
        Assert.Single(Given.Culprits($"type T = {string.Concat(Enumerable.Repeat("Set<", 100_000))}Long;"));

    [Fact]
    public void Records_nested_too_deep_are_refused_without_a_stack_overflow() =>
        Assert.Single(Given.Culprits($"type T = {string.Concat(Enumerable.Repeat("{a:", 100_000))}"));

    [Fact]
    public void A_text_that_is_too_long_is_refused() => Assert.Single(Given.Culprits(new string(' ', SchemaLimits.MaxSourceLength + 1)));

    [Fact]
    public void Hostile_noise_ends_with_at_most_so_many_errors() =>
        Assert.Equal(SchemaLimits.MaxErrors, PolicySchema.Parse(new string('#', 100_000)).Errors.Length);

    private static int Place(string culprit) => culprit.Length;
}
