using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;
using Spiffe.Agent.Tests.Unit.Policy.Bounds;

namespace Spiffe.Agent.Tests.Unit.Policy.Json;

public sealed class JsonTests
{
    [Fact]
    public void A_context_is_read_with_its_escapes()
    {
        Assert.True(RequestJson.TryParseContext(Bytes("""{"e":{"__entity":{"type":"A::B","id":"x"}},"d":{"__extn":{"fn":"decimal","arg":"1.5"}},"s":[1,1,"a"],"r":{"__entity":1}}"""), null, out ValueRecord? context, out JsonFault? fault), fault?.ToString());

        Assert.Equal("""{"d": decimal("1.5000"), "e": A::B::"x", "r": {"__entity": 1}, "s": [1, "a"]}""", context.ToString());
    }

    [Fact]
    public void A_datetime_is_read_from_a_call_of_two_arguments()
    {
        const string Json = """{"t":{"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"1970-01-01"}},{"__extn":{"fn":"duration","arg":"5ms"}}]}}}""";

        Assert.True(RequestJson.TryParseContext(Bytes(Json), null, out ValueRecord? context, out _));
        Assert.True(context.TryGet("t", out Value value) && value.TryGet(out CedarDatetime instant) && instant.Milliseconds == 5);
    }

    [Fact]
    public void Where_a_shape_says_so_escapes_may_be_left_out()
    {
        JsonShape shape = JsonShape.RecordOf(ImmutableDictionary<string, JsonShape>.Empty.Add("who", JsonShape.SetOf(JsonShape.Entity)).Add("ip", JsonShape.Of(ExtensionType.IpAddress)));

        Assert.True(RequestJson.TryParseContext(Bytes("""{"who":[{"type":"U","id":"a"}],"ip":"::1","other":"::1"}"""), shape, out ValueRecord? context, out _));
        Assert.Equal("""{"ip": ip("0:0:0:0:0:0:0:1/128"), "other": "::1", "who": [U::"a"]}""", context.ToString());
    }

    [Theory]
    [InlineData("""{"a":null}""", "$.a")]
    [InlineData("""{"a":1.5}""", "$.a")]
    [InlineData("""{"a":9223372036854775808}""", "$.a")]
    [InlineData("""{"a":[1,{"b":{"__extn":{"fn":"nope","arg":"1"}}}]}""", "$.a[1].b")]
    [InlineData("""{"a":{"__extn":{"fn":"decimal","arg":"x"}}}""", "$.a")]
    [InlineData("""{"a":{"__expr":"1"}}""", "$.a")]
    [InlineData("""{"a":{"__entity":{"type":"A B","id":""}}}""", "$.a")]
    [InlineData("""{"a":"\ud800"}""", "$.a")]
    [InlineData("""{"a":1,"a":2}""", "line 1")]
    [InlineData("""{"a":{"b":1,"\u0062":2}}""", "line 1")]
    [InlineData("""[]""", "$")]
    [InlineData("""{"a":1""", "line 1")]
    [InlineData("", "line 1")]
    public void What_is_no_context_is_refused_with_a_place(string json, string path)
    {
        Assert.False(RequestJson.TryParseContext(Bytes(json), null, out _, out JsonFault? fault));
        Assert.StartsWith(path, fault.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_JSON_is_refused() =>
        Assert.False(RequestJson.TryParseContext(Bytes("{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}"), null, out _, out _));

    [Theory]
    [InlineData("""[{"uid":{"type":"A","id":""},"attrs":{}}]""")]
    [InlineData("""[{"uid":{"type":"A","id":""},"parents":[]}]""")]
    [InlineData("""[{"attrs":{},"parents":[]}]""")]
    [InlineData("""[{"uid":{"type":"Action","id":""},"attrs":{},"parents":[{"type":"A","id":""}]}]""")]
    [InlineData("""[{"uid":{"type":"A","id":""},"attrs":{},"parents":[{"type":"A","id":""}]}]""")]
    [InlineData("""{}""")]
    [InlineData("""[1]""")]
    public void What_are_no_entities_is_refused(string json) => Assert.False(EntityJson.TryParse(Bytes(json), out EntityStore? _, out _));

    [Fact]
    public void A_request_without_a_context_has_an_empty_one()
    {
        Assert.True(RequestJson.TryParse(Bytes("""{"principal":{"type":"U","id":"a"},"action":{"type":"Action","id":"b"},"resource":{"__entity":{"type":"R","id":"c"}}}"""), null, out AuthorizationRequest? request, out _));
        Assert.Equal(0, request.Context.Count);
        Assert.Equal("R::\"c\"", request.Resource.ToString());
    }

    [Fact]
    public void A_policy_reads_back_from_its_JSON_form()
    {
        const string Source = """
            @id("x") @note permit(principal is A::U in ?principal, action in [Action::"a"], resource == ?resource)
            when { if !(context has a.b) then -context.n < 1 else "a" like "\**" && principal is U in [U::"x"] || [1, {b: ip("::1").isInRange(ip("::/0"))}].isEmpty() }
            unless { resource.getTag("t") != context["x y"] };
            """;
        Assert.True(PolicyParser.TryParse(Source, out PolicyText? text, out _));
        string json = PolicyJson.Write(text.Statements[0]);

        Assert.True(PolicyJson.TryParse(Bytes(json), "policy0", out PolicyStatement? again, out JsonFault? fault), fault?.ToString());
        Assert.Equal(json, PolicyJson.Write(again));
        Assert.Contains("\"Wildcard\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void The_deepest_policy_reads_back_from_its_JSON_form_on_a_small_stack() =>
        Assert.Equal(SyntaxLimits.MaxDepth, OwnThread.Run(OwnThread.SmallStack, DepthReadBack));

    [Theory]
    [InlineData("[", "]", "nested more than 128 deep")]
    [InlineData("{\"a\":", "}", "nested more than 128 deep")]
    public void A_value_in_a_policy_is_no_deeper_than_one_in_a_request(string open, string close, string refusal)
    {
        Assert.Null(FaultOf(JsonLimits.MaxDepth));
        Assert.Contains(refusal, FaultOf(JsonLimits.MaxDepth + 1), StringComparison.Ordinal);
        Assert.Contains(refusal, FaultOf(1_000), StringComparison.Ordinal);

        string? FaultOf(int depth)
        {
            string value = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
            string json = $$$"""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{"Value":{{{value}}} }}]}""";
            return OwnThread.Run(OwnThread.SmallStack, () => PolicyJson.TryParse(Bytes(json), "p", out _, out JsonFault? fault) ? null : fault.Message);
        }
    }

    [Fact]
    public void Sets_and_records_past_their_limits_are_refused_in_policies_too()
    {
        Assert.Contains("100,000 elements", Refusal("{\"Set\":[", "{\"Value\":1}", ValueLimits.MaxElements, "]}"), StringComparison.Ordinal);
        Assert.Contains("100,000 elements", Refusal("{\"Value\":[", "1", ValueLimits.MaxElements, "]}"), StringComparison.Ordinal);
        Assert.Contains("100,000 fields", Refusal("{\"Record\":{", "\"f@\":{\"Value\":1}", ValueLimits.MaxFields, "}}"), StringComparison.Ordinal);

        static string Refusal(string open, string element, int limit, string close)
        {
            Assert.Null(FaultOf(limit));
            return FaultOf(limit + 1)!.Message;

            JsonFault? FaultOf(int count)
            {
                string body = open + string.Join(',', Enumerable.Range(0, count).Select(i => element.Replace("@", $"{i}", StringComparison.Ordinal))) + close;
                string json = $$$"""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{{{body}}} }]}""";
                return PolicyJson.TryParse(Bytes(json), "p", out _, out JsonFault? fault) ? null : fault;
            }
        }
    }

    [Fact]
    public void A_set_is_read_with_its_links()
    {
        const string Json = """
            {"staticPolicies":{"s":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},
             "templates":{"t":{"effect":"forbid","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},
             "templateLinks":[{"templateId":"t","newId":"l","values":{"?principal":{"type":"U","id":"a"}}}]}
            """;

        Assert.True(PolicyJson.TryParseSet(Bytes(Json), out ImmutableArray<PolicyStatement> statements, out JsonFault? fault), fault?.ToString());
        Assert.Equal(["s", "t", "l"], statements.Select(statement => statement.Id));
        Assert.False(statements[2].IsTemplate);
    }

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    private static int DepthReadBack()
    {
        Assert.True(PolicyParser.TryParse($"permit(principal, action, resource) when {{ {string.Join(" + ", Enumerable.Repeat("1", SyntaxLimits.MaxDepth))} }};", out PolicyText? text, out _));

        Assert.True(PolicyJson.TryParse(Bytes(PolicyJson.Write(text.Statements[0])), "policy0", out PolicyStatement? again, out JsonFault? fault), fault?.ToString());
        return again.Conditions[0].Body.Depth;
    }
}
