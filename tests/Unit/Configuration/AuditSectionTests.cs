using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary>Where the log is kept, and that nobody believes in one that is not.</summary>
public sealed class AuditSectionTests
{
    [Fact]
    public void The_section_is_read_whole()
    {
        AuditOptions audit = Load("audit: { dir: log, origin: example.org/spiffe-agent/node-1, witnesses: /etc/witnesses, key_age: 30d, keep: { size: 2GiB, age: 90d } }").Audit!;

        Assert.Equal("/etc/spiffe-agent/log", audit.Directory);
        Assert.Equal("example.org/spiffe-agent/node-1", audit.Origin);
        Assert.Equal("/etc/witnesses", audit.Witnesses);
        Assert.Equal(TimeSpan.FromDays(30), audit.KeyAge);
        Assert.Equal(2L << 30, audit.KeepBytes);
        Assert.Equal(TimeSpan.FromDays(90), audit.KeepAge);
    }

    [Fact]
    public void Without_the_section_it_is_in_the_state_directory_of_the_service() =>
        Assert.Equal("/var/lib/spiffe-agent/audit", Load("", name => name == "STATE_DIRECTORY" ? "/var/lib/spiffe-agent:/var/lib/other" : null).Audit!.Directory);

    [Theory]
    [InlineData("")]
    [InlineData("audit: { enabled: false }")]
    [InlineData("audit: { enabled: false, dir: /var/lib/x }")]
    public void No_log_is_kept_where_nothing_says_so(string text) => Assert.Null(Load(text).Audit);

    [Fact]
    public void A_relative_state_directory_is_none() => Assert.Null(Load("", _ => "somewhere").Audit);

    [Fact]
    public void Everything_is_kept_unless_something_else_is_said()
    {
        AuditOptions audit = Load("audit: { dir: /var/lib/x }").Audit!;

        Assert.Null(audit.KeepBytes);
        Assert.Null(audit.KeepAge);
    }

    private static AgentOptions Load(string text, Func<string, string?>? environment = null)
    {
        LoadedConfiguration loaded = ConfigurationLoader.Parse($"trust_domain: example.org\n{text}\n", "/etc/spiffe-agent/agent.yaml", environment ?? (_ => null));
        Assert.Empty(loaded.Faults);
        return loaded.Options!;
    }
}
