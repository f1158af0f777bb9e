using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>Whatever a policy's text is, parsing it ends soon, within the stack, and with a place where it is refused.</summary>
public sealed class SyntaxBoundsTests
{
    private const int Many = 10_000;

    public static TheoryData<string, string, string> Nestings => new()
    {
        { "(", "true", ")" },
        { "!(", "true", ")" },
        { "-(", "1", ")" },
        { "if ", "true", " then true else true" },
        { "if true then ", "true", " else true" },
        { "if true then true else ", "true", "" },
        { "{a: ", "1", "}" },
        { "[", "1", "]" },
        { "ip(", "\"::1\"", ")" },
        { "principal.contains(", "1", ")" },
        { "true && (", "true", ")" },
        { "1 + (1 * (", "1", "))" },
        { "principal is User in (", "resource", ")" },
    };

    public static TheoryData<string, string> Chains => new()
    {
        { "true", " && true" },
        { "true", " || true" },
        { "1", " + 1" },
        { "1", " - 1" },
        { "1", " * 1" },
        { "principal", ".a" },
        { "principal", "[\"a\"]" },
        { "principal", ".isEmpty()" },
        { "principal has a", ".a" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Ten_thousand_brackets_are_an_error_with_a_place(string open, string inside, string close)
    {
        string source = Policy(Repeat(open, Many) + inside + Repeat(close, Many));

        AssertRefused(source, Parse(OwnThread.SmallStack, source));
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Brackets_without_an_end_are_an_error_with_a_place(string open, string inside, string close)
    {
        string source = Policy(Repeat(open, Many) + inside + close);

        AssertRefused(source, Parse(OwnThread.SmallStack, source));
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void The_deepest_that_is_taken_needs_no_more_than_a_small_stack(string open, string inside, string close)
    {
        // Some of these go two deep at once.
        int deep = (SyntaxLimits.MaxNesting / open.Split('(', 'f').Length) - 1;
        string source = Policy(Repeat(open, deep) + inside + Repeat(close, deep));

        Assert.Empty(Parse(OwnThread.SmallStack, source));
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_chain_of_a_hundred_thousand_is_an_error_with_a_place(string first, string next)
    {
        string source = Policy(first + Repeat(next, 100_000));

        AssertRefused(source, Parse(OwnThread.SmallStack, source));
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_chain_of_four_hundred_and_fifty_is_taken(string first, string next) => Assert.Empty(Parse(OwnThread.SmallStack, Policy(first + Repeat(next, 450))));

    [Theory]
    [InlineData("!", "true")]
    [InlineData("-", "1")]
    [InlineData("!-", "1")]
    public void Ten_thousand_prefixes_are_an_error_with_a_place(string prefix, string operand)
    {
        string source = Policy(Repeat(prefix, Many) + operand);

        AssertRefused(source, Parse(OwnThread.SmallStack, source));
    }

    [Fact]
    public void A_source_past_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        const string Least = "permit(principal, action, resource);";
        string longest = Least + new string(' ', SyntaxLimits.MaxSourceLength - Least.Length);

        Assert.Empty(Parse(OwnThread.SmallStack, longest));
        Assert.Single(Parse(OwnThread.SmallStack, longest + " "));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("permit(principal, action, resource) when {")]
    [InlineData("\"")]
    [InlineData("\"\\\n")]
    [InlineData("\\u{")]
    [InlineData("@a(\"\")")]
    [InlineData("a::")]
    [InlineData("a ")]
    [InlineData("a \"")]
    [InlineData("permit(")]
    [InlineData(";")]
    [InlineData("//")]
    [InlineData("?principal ")]
    [InlineData("\u00e9")]
    [InlineData("\0")]
    public void The_longest_text_of_one_thing_is_read_in_time_and_refused_with_few_errors(string thing)
    {
        string source = Repeat(thing, SyntaxLimits.MaxSourceLength / thing.Length);

        Assert.InRange(Parse(OwnThread.SmallStack, source).Length, thing is "//" ? 0 : 1, SyntaxLimits.MaxErrors);
    }

    [Theory]
    [InlineData("\\u{")]
    [InlineData("\\x")]
    [InlineData("\\u{1_")]
    [InlineData("\\q")]
    public void The_longest_string_of_wrong_escapes_is_refused_in_time(string escape)
    {
        string source = Policy($"\"{Repeat(escape, (SyntaxLimits.MaxSourceLength - 100) / escape.Length)}\" == \"\"");

        AssertRefused(source, Parse(OwnThread.SmallStack, source));
    }

    [Theory]
    [InlineData("[", "1,", "].isEmpty()", ValueLimits.MaxElements)]
    [InlineData("[", "context.n,", "].isEmpty()", ValueLimits.MaxElements)]
    [InlineData("{", "a@: 1,", "} == 1", ValueLimits.MaxFields)]
    [InlineData("ip(", "1,", ") == 1", ValueLimits.MaxElements)]
    public void A_set_or_record_past_the_limit_is_an_error_where_it_passes_it(string open, string element, string close, int limit)
    {
        string full = open + string.Concat(Enumerable.Range(0, limit).Select(i => element.Replace("@", $"{i}", StringComparison.Ordinal)));

        Assert.Empty(Parse(OwnThread.SmallStack, Policy(full + close)));
        SyntaxError error = Assert.Single(Parse(OwnThread.SmallStack, Policy(full + element.Replace("@", "a", StringComparison.Ordinal) + close)));
        Assert.Equal(Policy("").IndexOf('}', StringComparison.Ordinal) - 1 + full.Length, error.Span.Start);
        Assert.Contains("100,000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_that_names_actions_past_the_limit_is_an_error()
    {
        string actions = Repeat("Action::\"r\",", ValueLimits.MaxElements);

        Assert.Empty(Parse(OwnThread.SmallStack, $"permit(principal, action in [{actions}], resource);"));
        Assert.Contains("100,000", Assert.Single(Parse(OwnThread.SmallStack, $"permit(principal, action in [{actions}Action::\"r\"], resource);")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "1234567890,", "1]")]
    [InlineData("{", "", "a: 1}")]
    [InlineData("principal like \"", "*", "\"")]
    [InlineData("principal like \"", "a*", "\"")]
    [InlineData("\"", "\\u{10FFFF}", "\"")]
    [InlineData("", "A::", "\"id\"")]
    [InlineData("ip(", "1234567890,", "1)")]
    public void The_widest_of_everything_is_taken(string open, string element, string close)
    {
        string source = Policy($"{open}{Repeat(element, element.Length == 0 ? 0 : 1_000_000 / element.Length)}{close} == 1");

        Assert.Empty(Parse(OwnThread.SmallStack, source).Where(error => !error.Message.StartsWith("expected parentheses", StringComparison.Ordinal)));
    }

    private static string Policy(string condition) => $"permit(principal, action, resource) when {{ {condition} }};";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static ImmutableArray<SyntaxError> Parse(int stack, string source) => OwnThread.Run(stack, () =>
    {
        Assert.Equal(PolicyParser.TryParse(source, out _, out ImmutableArray<SyntaxError> errors), errors.IsEmpty);
        return errors;
    });

    private static void AssertRefused(string source, ImmutableArray<SyntaxError> errors)
    {
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.InRange(error.Span.End, error.Span.Start, source.Length));
    }
}
