using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

public sealed class IdTemplateTests
{
    [Theory]
    [InlineData("/web")]
    [InlineData("spiffe://example.org/web")]
    [InlineData("SPIFFE://EXAMPLE.ORG/web")]
    public void A_path_and_a_whole_id_of_the_trust_domain_mean_the_same(string text)
    {
        Assert.Equal("spiffe://example.org/web", Given.Template(text).Text);
        Assert.Equal(Given.Template("/web"), Given.Template(text));
    }

    [Theory]
    [InlineData("", "neither a path")]
    [InlineData("web", "neither a path")]
    [InlineData("/", "names a trust domain")]
    [InlineData("spiffe://example.org", "names a trust domain")]
    [InlineData("spiffe://other.org/web", "outside the trust domain 'example.org'")]
    [InlineData("spiffe:///web", "names no trust domain")]
    [InlineData("/web/", "ends with a slash")]
    [InlineData("//web", "empty path segment")]
    [InlineData("/web/../x", "'.' or '..'")]
    [InlineData("/w%65b", "not in [a-zA-Z0-9._-]")]
    [InlineData("/wéb", "not in [a-zA-Z0-9._-]")]
    [InlineData("/agent", "reserved for task identities")]
    [InlineData("/agent/x/task/y", "reserved for task identities")]
    [InlineData("/spire/server", "reserved for SPIRE")]
    [InlineData("spiffe://example.org/spire/agent", "reserved for SPIRE")]
    [InlineData("/{unix:user}", "begins with a placeholder")]
    [InlineData("/user/{unix:user}x", "bad placeholder")]
    [InlineData("/user/{unix}", "bad placeholder")]
    [InlineData("/user/{}", "bad placeholder")]
    [InlineData("/user/{unix:user:x}", "bad placeholder")]
    [InlineData("/user/{unix:user", "bad placeholder")]
    [InlineData("/user/{{unix:user}}", "bad placeholder")]
    public void What_breaks_a_rule_is_refused_with_the_rule(string text, string reason)
    {
        Assert.False(IdTemplate.TryParse(text, Given.Domain, out _, out string? fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_words_are_reserved_in_the_first_segment_only()
    {
        Assert.Equal("spiffe://example.org/team/agent", Given.Template("/team/agent").Text);
        Assert.Equal("spiffe://example.org/agents", Given.Template("/agents").Text);
    }

    [Fact]
    public void Placeholders_take_the_single_value_of_their_kind()
    {
        IdTemplate template = Given.Template("/user/{unix:user}/process/{unix:pid}");

        Assert.True(template.TryResolve(Given.Selectors("unix:user:web", "unix:pid:42", "unix:uid:7"), out SpiffeId? id, out _));
        Assert.Equal("spiffe://example.org/user/web/process/42", id.ToString());
        Assert.Equal([new SelectorKind("unix", "user"), new SelectorKind("unix", "pid")], template.Placeholders.ToArray());
    }

    [Theory]
    [InlineData("unix:uid:1")]
    [InlineData("unix:user:a", "unix:user:b")]
    [InlineData("unix:user:a/b")]
    [InlineData("unix:user:..")]
    [InlineData("unix:user:.")]
    [InlineData("unix:user:a b")]
    [InlineData("unix:user:é")]
    [InlineData("unix:user:%41")]
    [InlineData("unix:user:")]
    [InlineData("unix:username:a")]
    [InlineData("docker:user:a")]
    public void A_value_that_is_missing_ambiguous_or_no_segment_resolves_to_nothing(params string[] selectors)
    {
        Assert.False(Given.Template("/user/{unix:user}").TryResolve(Given.Selectors(selectors), out SpiffeId? id, out SelectorKind unresolved));
        Assert.Null(id);
        Assert.Equal("unix:user", unresolved.ToString());
    }

    [Fact]
    public void An_id_that_its_values_make_too_long_resolves_to_nothing()
    {
        string value = new('a', SpiffeId.MaxLength);

        Assert.False(Given.Template("/user/{unix:user}").TryResolve(Given.Selectors($"unix:user:{value}"), out _, out _));
    }
}
