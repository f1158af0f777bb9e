using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>A remembered answer is given only where the full check could give no other.</summary>
public sealed class ValidatedTokensTests : IDisposable
{
    private const string Audience = "https://reports.example.org";

    private readonly ManualTime _time = new();
    private readonly EmbeddedAuthority _authority;
    private readonly BundleSet _bundles;
    private readonly JwtSvid _svid;
    private readonly ValidatedTokens _known = new();

    public ValidatedTokensTests()
    {
        TrustDomain domain = TrustDomain.Parse("example.org");
        _authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = domain }, _time);
        _bundles = new BundleSet(_authority.Bundle);
        _svid = _authority.SignJwt(new JwtSvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web"), Audience = [Audience] });
        JwtSvidValidation answer = JwtSvidValidator.Validate(_svid.Token, Audience, _bundles, Now);
        Assert.True(answer.IsValid);
        _known.Add(_svid.Token, Audience, _bundles, Now, answer);
    }

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public void The_same_question_is_answered_from_memory()
    {
        Assert.True(_known.TryGet(_svid.Token, Audience, _bundles, Now, out JwtSvidValidation answer));
        Assert.Equal(_svid.Id, answer.Svid!.Id);
    }

    [Fact]
    public void Another_audience_is_another_question() => Assert.False(_known.TryGet(_svid.Token, Audience + "/", _bundles, Now, out _));

    [Fact]
    public void A_token_with_another_signature_is_another_token()
    {
        char last = _svid.Token[^2] == 'A' ? 'B' : 'A';
        Assert.False(_known.TryGet(_svid.Token[..^2] + last + _svid.Token[^1], Audience, _bundles, Now, out _));
    }

    [Fact]
    public void Other_bundles_are_asked_anew() => Assert.False(_known.TryGet(_svid.Token, Audience, new BundleSet(_authority.Bundle), Now, out _));

    [Fact]
    public void At_expiry_the_memory_ends_and_leeway_is_for_the_full_check()
    {
        Assert.True(_known.TryGet(_svid.Token, Audience, _bundles, _svid.ExpiresAt.AddTicks(-1), out _));
        Assert.False(_known.TryGet(_svid.Token, Audience, _bundles, _svid.ExpiresAt, out _));
    }

    [Fact]
    public void A_clock_set_back_ends_the_memory() => Assert.False(_known.TryGet(_svid.Token, Audience, _bundles, Now.AddTicks(-1), out _));

    [Fact]
    public void A_refusal_is_not_remembered()
    {
        JwtSvidValidation refusal = JwtSvidValidator.Validate(_svid.Token, "another", _bundles, Now);
        Assert.False(refusal.IsValid);
        _known.Add(_svid.Token, "another", _bundles, Now, refusal);
        Assert.False(_known.TryGet(_svid.Token, "another", _bundles, Now, out _));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        JwtSvidValidation answer = JwtSvidValidator.Validate(_svid.Token, Audience, _bundles, Now);
        _known.Add(new string('a', ValidatedTokens.MaxTokenLength + 1), Audience, _bundles, Now, answer);
        Assert.False(_known.TryGet(new string('a', ValidatedTokens.MaxTokenLength + 1), Audience, _bundles, Now, out _));
        for (int i = 0; i < ValidatedTokens.MaxAnswers; i++) _known.Add($"{i}", Audience, _bundles, Now, answer);
        Assert.False(_known.TryGet(_svid.Token, Audience, _bundles, Now, out _));
    }

    public void Dispose() => _authority.Dispose();
}
