using System.Text;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Values;
using static Spiffe.Agent.Tests.Unit.Policy.Bounds.Sources;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>Whatever entities, requests and contexts are as JSON, reading them ends soon, within the stack, with a fault that says where.</summary>
public sealed class JsonBoundsTests
{
    [Theory]
    [InlineData("[", "1", "]")]
    [InlineData("{\"a\":", "1", "}")]
    [InlineData("{\"__extn\":{\"fn\":\"ip\",\"arg\":", "\"::1\"", "}}")]
    [InlineData("{\"__entity\":", "1", "}")]
    public void Ten_thousand_brackets_are_a_fault(string open, string inside, string close)
    {
        string json = Repeat(open, 10_000) + inside + Repeat(close, 10_000);

        Assert.NotNull(ContextFault($"{{\"a\":{json}}}"));
        Assert.NotNull(ContextFault($"{{\"a\":{Repeat(open, 10_000)}"));
        Assert.NotNull(EntityFault($"[{{\"uid\":{{\"type\":\"A\",\"id\":\"\"}},\"attrs\":{{\"a\":{json}}},\"parents\":[]}}]"));
    }

    [Fact]
    public void The_deepest_value_is_taken_on_a_small_stack()
    {
        const int Deep = JsonLimits.MaxDepth - 1;

        Assert.Null(ContextFault($"{{\"a\":{Repeat("[", Deep)}{Repeat("]", Deep)}}}"));
        Assert.NotNull(ContextFault($"{{\"a\":{Repeat("[", Deep + 1)}{Repeat("]", Deep + 1)}}}"));
    }

    [Fact]
    public void A_text_past_the_limit_is_a_fault() =>
        Assert.Contains("64 MiB", ContextFault("{}" + new string(' ', JsonLimits.MaxBytes))!.Message, StringComparison.Ordinal);

    [Fact]
    public void The_widest_set_is_read_and_a_wider_one_is_a_fault_with_its_path()
    {
        Assert.Null(ContextFault(Set(ValueLimits.MaxElements)));

        JsonFault fault = ContextFault(Set(ValueLimits.MaxElements + 1))!;

        Assert.Equal(("$.a[0]", "a set has at most 100,000 elements"), (fault.Path, fault.Message));
        static string Set(int count) => $"{{\"a\":[[{string.Join(',', Enumerable.Range(0, count))}]]}}";
    }

    [Fact]
    public void The_widest_record_is_read_and_a_wider_one_is_a_fault_with_its_path()
    {
        Assert.Null(ContextFault($"{{\"a\":{Record(ValueLimits.MaxFields)}}}"));

        JsonFault fault = ContextFault($"{{\"a\":{Record(ValueLimits.MaxFields + 1)}}}")!;

        Assert.Equal(("$.a", "a record has at most 100,000 fields"), (fault.Path, fault.Message));
        Assert.Equal("$[0].attrs", EntityFault($"[{{\"uid\":{{\"type\":\"A\",\"id\":\"\"}},\"attrs\":{Record(ValueLimits.MaxFields + 1)},\"parents\":[]}}]")!.Path);
        static string Record(int count) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"f{i}\":{i}"))}}}";
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"\\u0061\":1}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\\ud800\":1,\"\\ud800\":2}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":1e999}")]
    [InlineData("{\"a\":9223372036854775808}")]
    [InlineData("{\"a\":1.5}")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":{\"__entity\":{\"type\":\"\\ud800\",\"id\":\"\"}}}")]
    [InlineData("{\"a\":{\"__extn\":{\"fn\":\"\\ud800\",\"arg\":\"\"}}}")]
    [InlineData("{\"a\":{\"__extn\":{\"fn\":\"decimal\",\"arg\":[]}}}")]
    [InlineData("{\"a\":{\"__extn\":{\"fn\":\"decimal\",\"args\":[]}}}")]
    [InlineData("")]
    [InlineData("\u0000")]
    [InlineData("[")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_no_context_is_a_fault_with_a_place(string json) => Assert.NotEmpty(ContextFault(json)!.Path);

    [Theory]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"\\udc00\"},\"attrs\":{},\"parents\":[]}]")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"attrs\":{},\"parents\":[{\"type\":\"A\",\"id\":\"\"}]}]")]
    [InlineData("[{\"uid\":\"A::\\\"\\\"\",\"attrs\":{},\"parents\":[]}]")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void What_are_no_entities_is_a_fault_with_a_place(string json) => Assert.NotEmpty(EntityFault(json)!.Path);

    private static JsonFault? ContextFault(string json) => OwnThread.Run(OwnThread.SmallStack, () =>
    {
        Assert.Equal(RequestJson.TryParseContext(Encoding.UTF8.GetBytes(json), null, out ValueRecord? context, out JsonFault? fault), context is not null);
        Assert.Equal(context is null, fault is not null);
        return fault;
    });

    private static JsonFault? EntityFault(string json) => OwnThread.Run(OwnThread.SmallStack, () =>
    {
        Assert.Equal(EntityJson.TryParse(Encoding.UTF8.GetBytes(json), out EntityStore? store, out JsonFault? fault), store is not null);
        return fault;
    });
}
