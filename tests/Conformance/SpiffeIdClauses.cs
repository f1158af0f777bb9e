using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Conformance;

/// <summary>SPIFFE-ID, clauses 37 to 42. The trait is the clause.</summary>
public sealed class SpiffeIdClauses
{
    [Theory]
    [Trait("clause", "37 SPIFFE-ID §2")]
    [InlineData("", SpiffeIdRule.Empty)]
    [InlineData("https://example.org/a", SpiffeIdRule.SchemeNotSpiffe)]
    [InlineData("spiffe:/example.org/a", SpiffeIdRule.SchemeNotSpiffe)]
    [InlineData("\u200Dspiffe://example.org/a", SpiffeIdRule.SchemeNotSpiffe)]
    [InlineData("spiffe://", SpiffeIdRule.TrustDomainMissing)]
    [InlineData("spiffe:///a", SpiffeIdRule.TrustDomainMissing)]
    [InlineData("spiffe://example.org/a?b", SpiffeIdRule.PathCharacter)]
    [InlineData("spiffe://example.org/a#b", SpiffeIdRule.PathCharacter)]
    [InlineData("spiffe://example.org?b", SpiffeIdRule.TrustDomainCharacter)]
    public void Scheme_trust_domain_and_path_are_all_there_is(string text, SpiffeIdRule broken) => Refused(text, broken);

    [Theory]
    [Trait("clause", "38 SPIFFE-ID §2.1")]
    [InlineData("spiffe://user@example.org/a")]
    [InlineData("spiffe://example.org:80/a")]
    [InlineData("spiffe://example%2eorg/a")]
    [InlineData("spiffe://[::1]/a")]
    [InlineData("spiffe://ex\u00e4mple.org/a")]
    [InlineData("spiffe://example.\u212Ad/a")] // the Kelvin sign folds to k elsewhere
    public void A_trust_domain_is_written_in_few_characters(string text) => Refused(text, SpiffeIdRule.TrustDomainCharacter);

    [Theory]
    [Trait("clause", "39 SPIFFE-ID §2.1")]
    [InlineData("spiffe://10.0.0.1/a")]
    [InlineData("spiffe://999.999.999.999/a")]
    [InlineData("spiffe://-a..b_/a")]
    public void Addresses_and_DNS_names_mean_nothing_special(string text) => Assert.Equal(text, Read(text).ToString());

    [Theory]
    [Trait("clause", "40 SPIFFE-ID §2.2")]
    [InlineData("spiffe://example.org/", SpiffeIdRule.PathTrailingSlash)]
    [InlineData("spiffe://example.org/a/", SpiffeIdRule.PathTrailingSlash)]
    [InlineData("spiffe://example.org//a", SpiffeIdRule.PathSegmentEmpty)]
    [InlineData("spiffe://example.org/./a", SpiffeIdRule.PathSegmentRelative)]
    [InlineData("spiffe://example.org/a/..", SpiffeIdRule.PathSegmentRelative)]
    [InlineData("spiffe://example.org/a%2Fb", SpiffeIdRule.PathCharacter)]
    [InlineData("spiffe://example.org/a b", SpiffeIdRule.PathCharacter)]
    [InlineData("spiffe://example.org/\u00e4", SpiffeIdRule.PathCharacter)]
    public void A_path_is_made_of_plain_segments(string text, SpiffeIdRule broken) => Refused(text, broken);

    [Fact]
    [Trait("clause", "40 SPIFFE-ID §2.2")]
    public void Three_dots_are_a_name() => Assert.Equal("/.../.a", Read("spiffe://example.org/.../.a").Path);

    [Fact]
    [Trait("clause", "41 SPIFFE-ID §2.3")]
    public void Ids_of_2048_bytes_and_trust_domains_of_255_are_read_and_no_longer_ones()
    {
        string domain = new('d', 255);
        string longest = $"spiffe://{domain}/".PadRight(2048, 'p');
        Assert.Equal(2048, Read(longest).ToString().Length);
        Refused(longest + "p", SpiffeIdRule.TooLong);
        Refused($"spiffe://{domain}d/p", SpiffeIdRule.TrustDomainTooLong);
    }

    [Fact]
    [Trait("clause", "42 SPIFFE-ID §2.4")]
    public void Scheme_and_trust_domain_fold_and_the_path_does_not()
    {
        Assert.Equal("spiffe://example.org/Web", Read("SPIFFE://EXAMPLE.ORG/Web").ToString());
        Assert.NotEqual(Read("spiffe://example.org/Web"), Read("spiffe://example.org/web"));
    }

    private static SpiffeId Read(string text)
    {
        Assert.True(SpiffeId.TryParse(text, out SpiffeId? id, out SpiffeIdRule broken), broken.ToString());
        return id;
    }

    private static void Refused(string text, SpiffeIdRule rule)
    {
        Assert.False(SpiffeId.TryParse(text, out _, out SpiffeIdRule broken));
        Assert.Equal(rule, broken);
    }
}
