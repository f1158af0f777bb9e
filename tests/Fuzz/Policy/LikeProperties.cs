using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary><c>like</c>, which looks at nothing twice, answers as trying everything does.</summary>
public sealed class LikeProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    /// <summary>Few letters and long stretches of one: what nearly fits in many places.</summary>
    private static Gen<string> Texts(string letters, int most) =>
        from stretches in Gen.Choose(1, most).SelectMany(length => Gen.Elements(letters.ToCharArray()).SelectMany(letter => Gen.Constant(new string(letter, length)))).ListOf()
        select string.Concat(stretches);

    [Fact]
    public void A_text_is_found_where_comparing_it_everywhere_finds_it() =>
        Prop.ForAll(Texts("ab", 12).ToArbitrary(), Texts("ab", 40).ToArbitrary(), (wanted, text) =>
        {
            string hidden = text.Insert(text.Length / 2, wanted);

            Assert.Equal(text.IndexOf(wanted, StringComparison.Ordinal), new TextSearch(wanted).FindIn(text));
            Assert.Equal(hidden.IndexOf(wanted, StringComparison.Ordinal), new TextSearch(wanted).FindIn(hidden));
        }).Check(Thorough);

    [Fact]
    public void A_pattern_matches_what_trying_every_way_matches() =>
        Prop.ForAll(Texts("ab*", 8).ToArbitrary(), Texts("ab", 20).ToArbitrary(), (pattern, text) =>
        {
            PolicySet policies = PolicySet.Compile(Parse($"permit(principal, action, resource) when {{ context.text like \"{pattern}\" }};"));
            EntityUid someone = new("User", "a");
            ValueRecord context = ValueRecord.Of([KeyValuePair.Create("text", Value.Of(text))]);

            Assert.Equal(Matches(pattern, text), policies.Decide(new AuthorizationRequest(someone, someone, someone, context), EntityStore.Empty).IsAllowed);
        }).Check(Thorough);

    private static PolicyText Parse(string source)
    {
        Assert.True(PolicyParser.TryParse(source, out PolicyText? text, out _));
        return text;
    }

    /// <summary>By the definition: whether the first so many of the pattern match the first so many of the text, for all of both.</summary>
    private static bool Matches(string pattern, string text)
    {
        bool[] before = new bool[text.Length + 1];
        before[0] = true;
        foreach (char next in pattern)
        {
            bool[] now = new bool[text.Length + 1];
            for (int i = 0; i <= text.Length; i++) now[i] = next == '*' ? before[i] || (i > 0 && now[i - 1]) : i > 0 && before[i - 1] && text[i - 1] == next;
            before = now;
        }

        return before[^1];
    }
}
