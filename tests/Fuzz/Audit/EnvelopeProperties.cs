using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>The quick reader of entries says what the thorough one says, which parses all of it and writes it again.</summary>
public sealed class EnvelopeProperties
{
    private static readonly DateTimeOffset At = new(2028, 2, 29, 23, 59, 59, TimeSpan.Zero);

    private static readonly string[] Parts =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\"", "\"\\n\"", "\"\\u000a\"", "\"\\u001f\"", "\"\\u001F\"", "\"\\/\"", "\"\\u0041\"", "\"\uE000\"", "\"\U0001F600\"", "\"\\ud83d\\ude00\"", "\"\u007f\"",
        "0", "-0", "1", "01", "1.5", "1.50", "1e21", "1E21", "1e+21", "100000000000000000000", "123456789012345", "1234567890123456789", "0.1", "1e-7", "0.0000001", "-1", "true", "false", "null", " ", "\\", "\n",
    ];

    private static readonly string[] Values = ["{}", "[]", "0", "-7", "1.5", "1e+21", "9007199254740991", "\"\"", "\"a\"", "\"\\n\"", "\"\\u0001\"", "\"\uE000\"", "\"\U0001F600\"", "true", "null", "[1,[2,{}]]", "[ ]", "{\"a\": 1}", "1.0"];

    private static readonly string[] Names = ["", "a", "b", "aa", "\\n", "\\\"", "\uE000", "\U0001F600", "\u00fc", "\\u0001"];

    private static Gen<string> Objects =>
        from names in Gen.Elements(Names).ArrayOf()
        from values in Gen.Elements(Values).ArrayOf(names.Length)
        from isSorted in Gen.Elements(true, true, false)
        select "{" + string.Join(",", (isSorted ? names.Distinct().Order(StringComparer.Ordinal) : names.AsEnumerable()).Zip(values).Select(member => $"\"{member.First}\":{member.Second}")) + "}";

    [Fact]
    public void Any_object_is_canonical_or_not_in_both_ways() =>
        Prop.ForAll(Gen.OneOf(Objects, Gen.Elements(Parts).ArrayOf().Select(string.Concat)).ToArbitrary(), json =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            Assert.Equal(IsCanonical(bytes), CanonicalScan.Value(bytes, 0) == bytes.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Fact]
    public void The_generator_gives_both_kinds()
    {
        string[] objects = [.. Objects.Sample(500)];

        Assert.Contains(objects, json => json.Length > 12 && IsCanonical(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(objects, json => json.Length > 12 && !IsCanonical(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Any_entry_with_any_byte_changed_left_out_or_put_in_is_read_or_not_in_both_ways()
    {
        byte[] bytes = RecordEntry.Write(120, RecordEntry.HashOf([1]), "task_issued", At.AddTicks(12), new RecordFields().Add("text", "\u00fc\n").Add("number", 10).Add("a", ["b"]));
        AssertSame(bytes);
        Assert.True(EntryEnvelope.TryRead(bytes, out _));
        for (int i = 0; i < bytes.Length; i++)
        {
            AssertSame([.. bytes[..i], .. bytes[(i + 1)..]]);
            for (int value = 0; value < 256; value++)
            {
                AssertSame([.. bytes[..i], (byte)value, .. bytes[(i + 1)..]]);
                if (value is >= ' ' and < 127) AssertSame([.. bytes[..i], (byte)value, .. bytes[i..]]);
            }
        }
    }

    [Theory]
    [InlineData("2027-02-29T00:00:00.0000000Z")]
    [InlineData("2028-02-29T24:00:00.0000000Z")]
    [InlineData("2028-02-29T23:59:60.0000000Z")]
    [InlineData("0000-01-01T00:00:00.0000000Z")]
    [InlineData("0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("2028-13-01T00:00:00.0000000Z")]
    [InlineData("2028-00-01T00:00:00.0000000Z")]
    [InlineData("2028-01-00T00:00:00.0000000Z")]
    public void Times_at_the_edges_are_read_or_not_in_both_ways(string time) =>
        AssertSame(Encoding.UTF8.GetBytes($$"""{"at":"{{time}}","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"t"}"""));

    [Theory]
    [InlineData(CanonicalScan.MaxDepth)]
    [InlineData(CanonicalScan.MaxDepth + 1)]
    [InlineData(30_000)]
    public void Nesting_ends_at_the_same_depth_in_both_ways(int depth)
    {
        int lists = depth - 2;
        string nested = $$"""{"at":"2026-11-22T09:00:00.1234567Z","data":{"a":{{new string('[', lists)}}{{new string(']', lists)}}},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"t"}""";

        AssertSame(Encoding.UTF8.GetBytes(nested));
        Assert.Equal(depth <= CanonicalScan.MaxDepth, EntryEnvelope.TryRead(Encoding.UTF8.GetBytes(nested), out _));
    }

    private static void AssertSame(byte[] bytes)
    {
        bool isRead = RecordEntry.TryRead(bytes, out RecordEntry? entry, out string fault);
        Assert.True(isRead == EntryEnvelope.TryRead(bytes, out EntryEnvelope envelope), $"{Encoding.UTF8.GetString(bytes)}: {fault}");
        if (entry is null) return;
        Assert.Equal((entry.Seq, entry.Previous, entry.At), (envelope.Seq, envelope.Previous, envelope.At));
        Assert.Equal((entry.Type, entry.Data.GetRawText()), (Encoding.UTF8.GetString(bytes[envelope.Type]), Encoding.UTF8.GetString(bytes[envelope.Data])));
    }

    private static bool IsCanonical(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return CanonicalJson.Of(document.RootElement, exactNumbers: true).AsSpan().SequenceEqual(bytes);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }
    }
}
