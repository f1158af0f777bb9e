using System.Text;
using System.Text.Json;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Tests.Unit.Audit.Records;

/// <summary>Entries: one way to write them, a chain of their own.</summary>
public sealed class RecordEntryTests
{
    private const string Zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private const string First = """{"at":"2026-11-22T09:00:00.1234567Z","data":{"agent":"spiffe://td/a","uses":3},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"issue"}""";

    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.FromHours(1)).AddTicks(1_234_567);

    [Fact]
    public void An_entry_is_canonical_JSON_with_its_fields_in_order_and_its_time_in_UTC() =>
        Assert.Equal(First, Encoding.UTF8.GetString(RecordEntry.Write(0, RecordEntry.None, "issue", At, new RecordFields().Add("uses", 3).Add("agent", "spiffe://td/a"))));

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        RecordEntry entry = Read(First);

        Assert.Equal((0L, RecordEntry.None, "issue", At), (entry.Seq, entry.Previous, entry.Type, entry.At));
        Assert.Equal("spiffe://td/a", entry.Data.GetProperty("agent").GetString());
    }

    [Fact]
    public void Entries_are_a_chain()
    {
        byte[] first = Encoding.UTF8.GetBytes(First);
        byte[] second = RecordEntry.Write(1, RecordEntry.HashOf(first), "end", At, new RecordFields());
        byte[] other = Encoding.UTF8.GetBytes(First.Replace("\"uses\":3", "\"uses\":4", StringComparison.Ordinal));

        Assert.Equal(RecordEntry.HashOf(first), Read(Encoding.UTF8.GetString(second)).Previous);
        Assert.NotEqual(RecordEntry.HashOf(other), Read(Encoding.UTF8.GetString(second)).Previous);
        Assert.Equal(new TreeHash(System.Security.Cryptography.SHA256.HashData(first)), RecordEntry.HashOf(first));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not an object")]
    [InlineData("{}", "its members are not at, data, prev, seq and type")]
    [InlineData(First + " ", "not canonical")]
    [InlineData(First + First, "not JSON")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"seq":0,"type":"issue"}""", "not canonical")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0.0,"type":"issue"}""", "not canonical")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"issue","x":1}""", "its members are not at, data, prev, seq and type")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0.5,"type":"issue"}""", "seq is not an index")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":-1,"type":"issue"}""", "seq is not an index")]
    [InlineData("""{"at":"2026-11-22T09:00:00Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"issue"}""", "at is not a time in UTC with seven digits behind the second")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":[],"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"issue"}""", "data is not an object")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB","seq":0,"type":"issue"}""", "prev is not a SHA-256 in base64url")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"","seq":0,"type":"issue"}""", "prev is not a SHA-256 in base64url")]
    [InlineData("""{"at":"2026-11-22T09:00:00.1234567Z","data":{},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":0,"type":"Issue"}""", "type is not a name")]
    public void What_we_would_not_have_written_is_refused_with_the_reason(string json, string fault)
    {
        Assert.False(RecordEntry.TryRead(Encoding.UTF8.GetBytes(json), out _, out string found));
        Assert.Equal(fault, found);
    }

    [Fact]
    public void Empty_fields_are_left_out_and_lists_and_times_have_one_form()
    {
        RecordFields data = new RecordFields().Add("text", "").Add("list", []).Add("number", (long?)null).Add("time", (DateTimeOffset?)null)
            .Add("policies", ["b", "a"]).Add("expires", At).Add("ok", false);

        JsonElement read = Read(Encoding.UTF8.GetString(RecordEntry.Write(0, RecordEntry.None, "t", At, data))).Data;

        Assert.Equal("""{"expires":"2026-11-22T09:00:00.1234567Z","ok":false,"policies":["b","a"]}""", read.GetRawText());
    }

    [Fact]
    public void A_field_cannot_pass_for_the_envelope_nor_be_said_twice()
    {
        byte[] entry = RecordEntry.Write(7, RecordEntry.None, "t", At, new RecordFields().Add("seq", 1).Add("prev", Zeros).Add("type", "issue"));

        Assert.Equal((7L, "t"), (Read(Encoding.UTF8.GetString(entry)).Seq, Read(Encoding.UTF8.GetString(entry)).Type));
        Assert.Throws<ArgumentException>(() => new RecordFields().Add("a", "1").Add("a", "2"));
        Assert.Throws<ArgumentException>(() => new RecordFields().Add("A", "1"));
        Assert.Throws<ArgumentException>(() => new RecordFields().Add("", "1"));
        Assert.Throws<ArgumentException>(() => new RecordFields().Add("a\"b", ""));
    }

    [Fact]
    public void The_longest_entry_fits_a_bundle_and_a_longer_one_is_refused()
    {
        int envelope = RecordEntry.Write(0, RecordEntry.None, "t", At, new RecordFields().Add("a", "x")).Length - 1;
        byte[] longest = RecordEntry.Write(0, RecordEntry.None, "t", At, new RecordFields().Add("a", new string('x', RecordEntry.MaxLength - envelope)));

        Assert.Equal(65_535, longest.Length);
        Assert.True(RecordEntry.TryRead(longest, out _, out _));
        Assert.Throws<ArgumentException>(() => RecordEntry.Write(0, RecordEntry.None, "t", At, new RecordFields().Add("a", new string('x', RecordEntry.MaxLength - envelope + 1))));
        Assert.False(RecordEntry.TryRead(new byte[RecordEntry.MaxLength + 1], out _, out string fault));
        Assert.Equal("longer than 65535 bytes", fault);
    }

    [Fact]
    public void Numbers_that_a_double_does_not_hold_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordFields().Add("n", RecordFields.MaxNumber + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordEntry.Write(RecordFields.MaxNumber + 1, RecordEntry.None, "t", At, new RecordFields()));
        Assert.Throws<ArgumentOutOfRangeException>(() => RecordEntry.Write(-1, RecordEntry.None, "t", At, new RecordFields()));
    }

    private static RecordEntry Read(string json)
    {
        Assert.True(RecordEntry.TryRead(Encoding.UTF8.GetBytes(json), out RecordEntry? entry, out string fault), fault);
        return entry;
    }
}
