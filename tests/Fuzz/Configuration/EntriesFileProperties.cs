using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Fuzz.Configuration;

/// <summary>Entries that are kept come back as they were: nothing that an operator can write breaks out of its quotes.</summary>
public sealed class EntriesFileProperties
{
    private static readonly EntryReader Reader = new(ConfigurationLoader.Parse("trust_domain: example.org", "fuzz.yaml", _ => null).Options!);

    private static Gen<string> Texts => Gen.Elements("a", "\"", "\\", "'", "$", "$$", "${A}", "#", ": ", "- ", "[", "]", "{", ",", "é", "\U0001F600", "~", "%", "&", "*", "!", "|", "@", "`", " ").NonEmptyListOf().Select(list => string.Concat(list));

    private static Gen<Entry> Entries =>
        from label in Texts
        from hint in Texts
        from number in Gen.Choose(-5, 5)
        let draft = new EntryDraft
        {
            Id = "/web",
            Selectors = ["unix:uid:1", $"docker:label:x:{label}"],
            Hint = hint,
            X509Ttl = number > 0 ? "90s" : null,
            Priority = number.ToString(CultureInfo.InvariantCulture),
        }
        let reading = Reader.Read([draft])
        where reading.Faults.IsEmpty
        select reading.Entries[0];

    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(Entries.ToArbitrary(), entry =>
        {
            EntryReading reading = Reader.Read((ReadOnlySpan<byte>)EntriesText.Of([entry]));

            Assert.Empty(reading.Faults);
            Entry read = Assert.Single(reading.Entries);
            Assert.Equal((entry.Name, entry.Hint, entry.X509Ttl, entry.Priority), (read.Name, read.Hint, read.X509Ttl, read.Priority));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(40));
}
