using Spiffe.Agent.Configuration;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary>Entries over the admin socket are judged as the file's are.</summary>
public sealed class EntryReaderTests
{
    private readonly EntryReader _reader = new(Given.Lines("attestors: { docker: { enabled: false } }").Options!);

    [Fact]
    public void A_draft_becomes_the_entry_that_the_file_would_have_made_of_it()
    {
        const string Written = "entries: [ { id: /web, selectors: [ \"unix:uid:1\" ], x509_ttl: 30m, jwt_ttl: 1m, wit_ttl: 2m, dns_names: [ web.example.org ], hint: h, priority: 7 } ]";
        Entry ofFile = Assert.Single(Given.Lines(Written).Options!.Entries);

        EntryDraft draft = new() { Id = "/web", Selectors = ["unix:uid:1"], X509Ttl = "30m", JwtTtl = "1m", WitTtl = "2m", DnsNames = ["web.example.org"], Hint = "h", Priority = "7" };
        Same(ofFile, Assert.Single(_reader.Read([draft]).Entries));
        Same(ofFile, Assert.Single(_reader.Read(System.Text.Encoding.UTF8.GetBytes(Written)).Entries));
        Same(ofFile, Assert.Single(_reader.Read([EntryDraft.Of(ofFile)]).Entries));
    }

    [Fact]
    public void Every_fault_of_a_draft_is_told_at_once_by_its_field()
    {
        EntryReading reading = _reader.Read([new EntryDraft { Id = "web", Selectors = ["unix:uid:1", "unix:uud:1"], X509Ttl = "9h", DnsNames = ["a..b"], Priority = "high" }]);

        Assert.Equal(
            ["entries[0].id", "entries[0].selectors[1]", "entries[0].x509_ttl", "entries[0].dns_names[0]", "entries[0].priority"],
            reading.Faults.Select(f => f.Key));
        Assert.All(reading.Faults, f => Assert.Equal((0, 0), (f.Line, f.Column)));
        Assert.Empty(reading.Entries);
    }

    [Fact]
    public void A_draft_without_selectors_would_describe_every_caller() =>
        Assert.Contains("would describe every caller", Assert.Single(_reader.Read([new EntryDraft { Id = "/web" }]).Faults).Problem, StringComparison.Ordinal);

    [Fact]
    public void Two_drafts_of_one_grant_are_told_by_their_numbers()
    {
        EntryDraft draft = new() { Id = "/web", Selectors = ["unix:uid:1"] };

        Assert.EndsWith("as entries[0]", Assert.Single(_reader.Read([draft, draft]).Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_agents_environment_is_nobodys_to_read()
    {
        string home = Environment.GetEnvironmentVariable("PATH")!;

        EntryReading document = _reader.Read("entries: [ { id: /a, selectors: [ \"unix:user:${PATH}\" ] } ]"u8);
        EntryReading draft = _reader.Read([new EntryDraft { Id = "/a", Selectors = ["unix:user:${PATH}"] }]);

        Assert.Contains("which is not read here", Assert.Single(document.Faults).Problem, StringComparison.Ordinal);
        Assert.Equal("unix:user:${PATH}", Assert.Single(draft.Entries).Selectors.ToString());
        Assert.DoesNotContain(home, document.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_whose_attestor_is_switched_off_is_warned_of() =>
        Assert.Contains("attestors.docker.enabled is false", Assert.Single(_reader.Read([new EntryDraft { Id = "/a", Selectors = ["docker:label:a:b"] }]).Warnings).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "holds no entries")]
    [InlineData("entries: []", "holds no entries")]
    [InlineData("[]", "must be a mapping")]
    [InlineData("entries: [", "is not valid YAML")]
    [InlineData("trust_domain: example.org\nentries: [ { id: /a, selectors: [ \"unix:uid:1\" ] } ]", "is no known key")]
    public void What_is_no_list_of_entries_is_a_fault(string document, string problem) =>
        Assert.Contains(_reader.Read(System.Text.Encoding.UTF8.GetBytes(document)).Faults, f => f.Problem.Contains(problem, StringComparison.Ordinal));

    private static void Same(Entry expected, Entry actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal((expected.X509Ttl, expected.JwtTtl, expected.WitTtl), (actual.X509Ttl, actual.JwtTtl, actual.WitTtl));
        Assert.Equal<string>(expected.DnsNames, actual.DnsNames);
        Assert.Equal((expected.Hint, expected.Priority), (actual.Hint, actual.Priority));
        Assert.Equal(EntryOriginKind.Admin, actual.Origin.Kind);
    }
}
