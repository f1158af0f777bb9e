using System.Runtime.Versioning;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Configuration;

[SupportedOSPlatform("linux")]
public sealed class EntriesFileTests : IDisposable
{
    private const string Own = "{ id: /own, selectors: [ \"unix:uid:1\" ], hint: internal }";

    private readonly string _folder = Directory.CreateTempSubdirectory("spiffe-entries-").FullName;

    private string Kept => Path.Combine(_folder, "entries.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read_back_whole()
    {
        Entry entry = Make("/web", "docker:env:A=${B} $$ \"q\" \\ é \U0001F600", "h\u00e9 $");

        new EntriesFile(Load().Kept!).Write([entry, Make("/two", "unix:uid:2", null)]);

        KeptEntries kept = Load().Kept!;
        Assert.Equal(["/web", "/two"], kept.Entries.Select(e => e.Id.Text["spiffe://example.org".Length..]));
        Assert.Equal(entry.Name, kept.Entries[0].Name);
        Assert.Equal((entry.Hint, entry.X509Ttl, entry.Priority), (kept.Entries[0].Hint, kept.Entries[0].X509Ttl, kept.Entries[0].Priority));
        Assert.Equal(EntryOriginKind.Admin, kept.Entries[0].Origin.Kind);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
    }

    [Fact]
    public void None_left_is_read_back_as_none()
    {
        new EntriesFile(Load().Kept!).Write([]);

        Assert.Empty(Load().Kept!.Entries);
    }

    [Fact]
    public void A_change_by_somebody_else_is_not_written_over()
    {
        EntriesFile file = new(Load().Kept!);
        file.Write([Make("/a", "unix:uid:2", null)]);
        file.Write([Make("/b", "unix:uid:2", null)]);
        File.WriteAllText(Kept, "entries: []\n");

        IOException refused = Assert.Throws<IOException>(() => file.Write([Make("/c", "unix:uid:2", null)]));

        Assert.Contains("was changed by somebody else", refused.Message, StringComparison.Ordinal);
        Assert.Equal("entries: []\n", File.ReadAllText(Kept));
        File.Delete(Kept);
        Assert.Throws<IOException>(() => file.Write([]));
    }

    [Fact]
    public void A_file_that_came_after_the_start_is_not_written_over()
    {
        EntriesFile file = new(Load().Kept!);
        File.WriteAllText(Kept, "mine");

        Assert.Throws<IOException>(() => file.Write([]));
        Assert.Equal("mine", File.ReadAllText(Kept));
    }

    [Fact]
    public void What_a_crash_left_beside_it_is_in_nobodys_way_and_no_link_is_followed()
    {
        string victim = Path.Combine(_folder, "victim");
        File.WriteAllText(victim, "whole");
        File.CreateSymbolicLink(Kept + ".new", victim);

        new EntriesFile(Load().Kept!).Write([]);

        Assert.Equal("whole", File.ReadAllText(victim));
        Assert.Equal(["entries.yaml", "victim"], Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_warned_of_and_refuses_changes()
    {
        LoadedConfiguration loaded = Parse("/nowhere/entries.yaml");

        Assert.Contains("its directory does not exist", Assert.Single(loaded.Warnings).Problem, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => new EntriesFile(loaded.Options!.Kept!).Write([]));
    }

    [Fact]
    public void Its_faults_stop_the_start_and_are_told_with_their_place()
    {
        File.WriteAllText(Kept, "entries:\n  - { id: /web, selectors: [ \"unix:uud:1\" ] }\n");

        LoadedConfiguration loaded = Parse(Kept);

        ConfigurationFault fault = Assert.Single(loaded.Faults);
        Assert.Equal((Kept, 2), (fault.File, fault.Line));
        Assert.Null(loaded.Options);
    }

    [Fact]
    public void What_the_configuration_grants_too_is_the_configurations()
    {
        File.WriteAllText(Kept, "entries: [ { id: /own, selectors: [ \"unix:uid:1\" ], priority: 3 }, { id: /more, selectors: [ \"unix:uid:1\" ] } ]\n");

        LoadedConfiguration loaded = Parse(Kept);

        Assert.Contains("does not count: /etc/spiffe-agent/agent.yaml:3", Assert.Single(loaded.Warnings).Problem, StringComparison.Ordinal);
        Assert.EndsWith("/more", Assert.Single(loaded.Options!.Kept!.Entries).Id.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hint_of_the_configuration_is_no_other_entrys()
    {
        File.WriteAllText(Kept, "entries: [ { id: /more, selectors: [ \"unix:gid:1\" ], hint: internal } ]\n");

        ConfigurationFault fault = Assert.Single(Parse(Kept).Faults);

        Assert.Equal((Kept, "entries[0].hint"), (fault.File, fault.Key));
        Assert.Contains("/etc/spiffe-agent/agent.yaml:3", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("entries_file: /var/lib/", "is not the path of a file")]
    [InlineData("entries_file: \"\"", "is not the path of a file")]
    [InlineData("entries_file: [ a ]", "must be a single value")]
    public void What_is_no_path_is_a_fault(string line, string problem) => Assert.Contains(problem, Given.FaultOf(line).Problem, StringComparison.Ordinal);

    [RequiresRootFact]
    public void Root_reads_no_entries_that_others_may_write()
    {
        File.WriteAllText(Kept, "entries: []\n");
        File.SetUnixFileMode(Kept, UnixFileMode.UserRead | UnixFileMode.OtherWrite);

        Assert.Contains($"who may write {Kept}", Assert.Single(Parse(Kept).Faults).Problem, StringComparison.Ordinal);
    }

    private static Entry Make(string id, string selector, string? hint)
    {
        EntryReading reading = new EntryReader(Given.Lines("").Options!).Read([new EntryDraft { Id = id, Selectors = [selector], Hint = hint, X509Ttl = "1h30m", Priority = "-3" }]);
        return Assert.Single(reading.Entries);
    }

    private AgentOptions Load()
    {
        LoadedConfiguration loaded = Parse(Kept);
        Assert.Empty(loaded.Faults);
        return loaded.Options!;
    }

    private static LoadedConfiguration Parse(string file) => Given.Lines($"entries:\n  - {Own}\nentries_file: {file}");
}
