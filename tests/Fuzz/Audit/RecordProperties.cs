using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>Entries with any texts, and entries with any byte changed.</summary>
public sealed class RecordProperties
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private static Gen<string> Texts => Gen.Elements("", "a", "\"", "\\", "\n", "\u0000", "\u2028", "ü", "\U0001F600", "{}", "</script>").ArrayOf().Select(string.Concat);

    [Fact]
    public void What_was_written_is_read() =>
        Prop.ForAll(Texts.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (text, number) =>
        {
            byte[] bytes = RecordEntry.Write(number, RecordEntry.HashOf(Encoding.UTF8.GetBytes(text)), "t", At, new RecordFields().Add("text", text).Add("number", number));

            Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? entry, out string fault), fault);
            Assert.Equal(number, entry.Seq);
            Assert.Equal(RecordEntry.HashOf(Encoding.UTF8.GetBytes(text)), entry.Previous);
            Assert.Equal(text, entry.Data.TryGetProperty("text", out var read) ? read.GetString() : "");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void A_changed_byte_is_refused_or_says_something_else_and_never_breaks_the_reader()
    {
        byte[] bytes = RecordEntry.Write(12, RecordEntry.None, "issue", At, new RecordFields().Add("text", "ü\n").Add("number", 10));
        Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? original, out _));
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                if (value == bytes[i]) continue;
                byte[] changed = [.. bytes];
                changed[i] = (byte)value;
                if (!RecordEntry.TryRead(changed, out RecordEntry? entry, out string fault)) Assert.NotEmpty(fault);
                else Assert.False(entry.Seq == original.Seq && entry.Previous == original.Previous && entry.Type == original.Type && entry.At == original.At && entry.Data.GetRawText() == original.Data.GetRawText());
            }
        }
    }
}
