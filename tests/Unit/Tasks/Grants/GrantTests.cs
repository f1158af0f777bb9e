using System.Text;
using System.Text.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Unit.Tasks.Grants;

/// <summary>What the algebra leaves: limits, everything and nothing, questions, reasons for people; and the attacks that a naive reading lets through.</summary>
public sealed class GrantTests
{
    private static readonly AuthorizationDetails Reader = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read"],"locations":["https://repo/x"],"audiences":["api"]}]""");

    [Fact]
    public void An_empty_request_gets_nothing_and_everything_gets_the_ceiling()
    {
        GrantCeiling template = new("the template", Reader);

        Assert.Equal(AuthorizationDetails.None, GrantMeet.Of(AuthorizationDetails.Parse("[]"), template).Effective);
        Assert.Equal(Reader, GrantMeet.Of(AuthorizationDetails.Everything, template).Effective);
        Assert.Empty(GrantMeet.Of(AuthorizationDetails.Everything, new GrantCeiling("the operator", AuthorizationDetails.Everything), template).Dropped);
    }

    [Fact]
    public void Where_nothing_sets_a_limit_nothing_is_granted()
    {
        Assert.Equal(AuthorizationDetails.None, GrantMeet.Of(AuthorizationDetails.Everything).Effective);
        Assert.Equal(AuthorizationDetails.None, GrantMeet.Of(AuthorizationDetails.Everything, new GrantCeiling("the operator", AuthorizationDetails.Everything)).Effective);
    }

    [Fact]
    public void Everything_answers_no_question_is_not_written_and_cannot_be_sent()
    {
        Assert.False(AuthorizationDetails.Everything.Find(Question("https://repo/x")).IsGranted);
        Assert.Throws<InvalidOperationException>(() => AuthorizationDetails.Everything.WriteTo(new Utf8JsonWriter(Stream.Null)));
        Assert.False(AuthorizationDetails.TryParse(AuthorizationDetails.Everything.Canonical, out _, out _));
        Assert.False(AuthorizationDetails.Everything.IsWithin(Reader));
    }

    [Fact]
    public void A_neighbour_whose_name_begins_alike_is_not_granted()
    {
        const string Neighbour = "https://repo/xy";

        Assert.StartsWith("https://repo/x", Neighbour, StringComparison.Ordinal); // The naive prefix lets it in.
        GrantFinding finding = Reader.Find(Question(Neighbour));

        Assert.False(finding.IsGranted);
        Assert.Equal((DetailMember.Locations, "locations: https://repo/x is granted, not https://repo/xy"), (finding.ClosestMiss!.Member, finding.ClosestMiss.Reason));
        Assert.True(Reader.Find(Question("https://repo/x/y")).IsGranted);
    }

    [Fact]
    public void Not_naming_a_place_is_no_way_into_a_place() => Assert.Equal(DetailMember.Locations, Reader.Find(Question(null)).ClosestMiss!.Member);

    [Fact]
    public void A_parameter_that_is_constrained_must_be_there_and_be_a_number()
    {
        AuthorizationDetails grant = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read"],"constraints":{"ranges":{"amount":{"max":100}},"in":{"region":["eu"]}}}]""");

        Assert.True(Allows("""{"amount":100.00,"region":"eu","other":[1]}"""));
        Assert.All(
            ["", "{}", """{"amount":100,"region":"us"}""", """{"amount":"1","region":"eu"}""", """{"amount":100.01,"region":"eu"}""", """{"amount":[1],"region":"eu"}""", """{"amount":1e1,"region":"eu"}""", """{"region":"eu"}"""],
            parameters => Assert.False(Allows(parameters), parameters));

        bool Allows(string parameters) => grant.Find(new ActionQuestion { Type = "repo", Action = "read", Parameters = Parameters(parameters) }).IsGranted;
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}")]
    [InlineData("{\"a\":9007199254740993}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{")]
    public void Parameters_with_two_readings_are_refused(string json) => Assert.False(ActionParameters.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Parameters_are_known_by_one_digest_however_they_are_written() =>
        Assert.Equal(Parameters("""{"a":1.50,"b":"x"}""").Digest, Parameters("""{ "b":"\u0078", "a":15e-1 }""").Digest);

    [Fact]
    public void Limits_are_kept()
    {
        string places = string.Join(',', Enumerable.Range(0, GrantLimits.MaxItems + 1).Select(i => $"\"https://h/{i}\""));

        Assert.Equal((GrantRule.TooLarge, "$[0].locations"), Broken($$"""[{"type":"a","actions":["x"],"locations":[{{places}}]}]"""));
        Assert.Equal((GrantRule.TooLarge, "$"), Broken($"[{string.Join(',', Enumerable.Range(0, GrantLimits.MaxDetails + 1).Select(i => $$"""{"type":"a{{i}}","actions":["x"]}"""))}]"));
        Assert.Equal((GrantRule.TooLarge, "$"), Broken(new string(' ', GrantLimits.MaxJsonLength) + "[]"));
        Assert.Equal((GrantRule.Malformed, "$"), Broken("[[[[[[[[[[]]]]]]]]]]"));
        Assert.Equal((GrantRule.Location, "$[0].locations[0]"), Broken($$"""[{"type":"a","actions":["x"],"locations":["https://h/{{new string('x', GrantLimits.MaxLocationLength)}}"]}]"""));

        static (GrantRule, string) Broken(string json) => AuthorizationDetails.TryParse(Encoding.UTF8.GetBytes(json), out _, out GrantFault? fault) ? default : (fault.Rule, fault.Path);
    }

    [Fact]
    public void A_grant_that_grows_where_it_meets_stays_within_the_limits()
    {
        AuthorizationDetails requested = Many("{{\"type\":\"a\",\"actions\":[\"*\"],\"locations\":[\"https://h/{0}\",\"https://k\"]}}"), ceiling = Many("{{\"type\":\"a\",\"actions\":[\"a{0}\"],\"locations\":[\"*\"]}}");
        AuthorizationDetails effective = AuthorizationDetails.Meet(requested, ceiling);

        Assert.InRange(effective.Items.Length, 1, GrantLimits.MaxDetails);
        Assert.True(effective.IsWithin(requested) && effective.IsWithin(ceiling));
        Assert.True(AuthorizationDetails.TryParse(effective.Canonical, out _, out _));

        static AuthorizationDetails Many(string format) => AuthorizationDetails.Parse($"[{string.Join(',', Enumerable.Range(0, GrantLimits.MaxDetails).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, i)))}]");
    }

    [Fact]
    public void Counts_that_are_hard_to_pack_are_answered_in_bounded_time_with_no()
    {
        AuthorizationDetails inner = Counted("https://h/x/{0}", [.. Enumerable.Range(0, 60).Select(_ => 7)]), outer = AuthorizationDetails.Parse($"[{string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"type":"a","actions":["x"],"locations":["https://h"],"constraints":{"max_uses":10,"not_after":{{1000 + i}} } }"""))}]");

        Assert.False(inner.IsWithin(outer)); // 60 × 7 of 40 × 10: one fits into each.

        static AuthorizationDetails Counted(string place, int[] uses) => AuthorizationDetails.Parse($"[{string.Join(',', uses.Select((count, i) => $$"""{"type":"a","actions":["x"],"locations":["{{place.Replace("{0}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)}}"],"constraints":{"max_uses":{{count}},"not_after":10} }"""))}]");
    }

    [Fact]
    public void What_is_dropped_is_told_ceiling_by_ceiling()
    {
        AuthorizationDetails requested = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read","write"],"locations":["https://repo/x","https://repo/z"],"audiences":["api"],"sensitivity":"internal"},{"type":"desk","actions":["read"]}]""");
        GrantMeet meet = GrantMeet.Of(requested, new GrantCeiling("the operator", AuthorizationDetails.Everything), new GrantCeiling("the template", Reader));

        Assert.Equal(Reader, meet.Effective);
        Assert.Equal(
            [
                "type: the template allows nothing of type desk",
                "actions: the template does not allow write",
                "locations: the template does not allow all of https://repo/z",
                "sensitivity: the template allows public at most",
            ],
            meet.Dropped.Select(dropped => dropped.Reason).OrderBy(reason => reason.StartsWith("type", StringComparison.Ordinal) ? 0 : 1));
    }

    [Fact]
    public void Steps_go_forward_one_by_one()
    {
        UseLedger ledger = UseLedger.Of(AuthorizationDetails.Parse("""
            [{"type":"t","actions":["1read"],"constraints":{"order":1}},{"type":"t","actions":["2call"],"constraints":{"order":2,"max_uses":1}},{"type":"t","actions":["3write"],"constraints":{"order":3}}]
            """));
        int[] at = [.. Enumerable.Range(1, 3).Select(step => Enumerable.Range(0, 3).Single(i => ledger.Grant.Items[i].Constraints.Order == step))];

        Assert.Equal(UseOutcome.OutOfOrder, ledger.TryUse(at[1], default, out ledger));
        Assert.Equal(UseOutcome.Counted, ledger.TryUse(at[0], default, out ledger));
        Assert.Equal(UseOutcome.Counted, ledger.TryUse(at[0], default, out ledger));
        Assert.Equal(UseOutcome.OutOfOrder, ledger.TryUse(at[2], default, out ledger));
        Assert.Equal(UseOutcome.Counted, ledger.TryUse(at[1], default, out ledger));
        Assert.Equal(UseOutcome.OutOfOrder, ledger.TryUse(at[0], default, out ledger));
        Assert.Equal(UseOutcome.Exhausted, ledger.TryUse(at[1], default, out ledger));
        Assert.True(ledger.TryNarrow(ledger.Grant, out UseLedger? same));
        Assert.Equal(UseOutcome.Counted, same.TryUse(at[2], default, out _));
        Assert.Equal(AuthorizationDetails.None, ledger.Delegable);
    }

    [Fact]
    public void A_right_ends_after_its_last_second()
    {
        UseLedger ledger = UseLedger.Of(AuthorizationDetails.Parse("""[{"type":"t","actions":["x"],"constraints":{"not_after":100}}]"""));

        Assert.Equal(UseOutcome.Counted, ledger.TryUse([0], DateTimeOffset.FromUnixTimeMilliseconds(100_999), out _, out int index));
        Assert.Equal(0, index);
        Assert.Equal(UseOutcome.Expired, ledger.TryUse([0], DateTimeOffset.FromUnixTimeSeconds(101), out _, out _));
        Assert.Equal(UseOutcome.NotGranted, ledger.TryUse([], default, out _, out _));
    }

    [Fact]
    public void Children_take_from_the_parent_and_give_back_once_what_they_did_not_use()
    {
        UseLedger parent = UseLedger.Of(AuthorizationDetails.Parse("""[{"type":"t","actions":["x"],"constraints":{"max_uses":5}}]"""));
        AuthorizationDetails three = AuthorizationDetails.Parse("""[{"type":"t","actions":["x"],"constraints":{"max_uses":3}}]""");

        Assert.True(parent.TryDebit(three, out UseDebit? debit, out UseLedger after));
        Assert.False(after.TryDebit(three, out _, out _));
        Assert.Equal(2, after.Remaining(0));
        UseLedger child = UseLedger.Of(three);
        Assert.Equal(UseOutcome.Counted, child.TryUse(0, default, out child));
        UseLedger back = after.Return(debit, child);

        Assert.Equal((4L, 1L, 0L), (back.Remaining(0), back.Used(0), back.HandedOn(0)));
        Assert.Same(back, back.Return(debit, child));
        Assert.False(parent.TryDebit(AuthorizationDetails.Parse("""[{"type":"t","actions":["x"]}]"""), out _, out _));
    }

    private static ActionQuestion Question(string? place) => new() { Type = "repo", Action = "read", Audience = "api", Location = place is null ? null : GrantLocation.Parse(place) };

    private static ActionParameters Parameters(string json) => ActionParameters.TryParse(Encoding.UTF8.GetBytes(json), out ActionParameters? parameters) ? parameters : throw new FormatException(json);
}
