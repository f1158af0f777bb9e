using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Tests.Unit.Authority;

public sealed class EmbeddedAuthorityRotationTests : IDisposable
{
    private static readonly SpiffeId Web = SpiffeId.Parse("spiffe://example.org/web");

    private readonly HandClock _clock = new();
    private readonly EmbeddedAuthority _authority;

    public EmbeddedAuthorityRotationTests() => _authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org") }, _clock);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_key_is_published_before_it_is_used_and_kept_until_its_last_svid_has_expired()
    {
        string first = ActiveCa();
        Assert.False(_authority.Advance());

        _clock.MoveTo(_authority.NextChange);
        Assert.True(_authority.Advance());
        Assert.Equal(first, ActiveCa());
        string second = Assert.Single(_authority.Keys, k => k is { Use: SigningKeyUse.X509, State: SigningKeyState.Prepared }).KeyId;
        Assert.Equal(2, _authority.Bundle.X509Authorities.Count);
        Assert.Equal(2, _authority.Bundle.JwtKeys.Count);
        Assert.Equal(2, _authority.Bundle.WitKeys.Count);

        _clock.MoveTo(_authority.NextChange);
        using X509Svid last = _authority.SignX509(new X509SvidRequest { Id = Web });
        _authority.Advance();
        Assert.Equal(second, ActiveCa());
        Assert.Equal(2, _authority.Bundle.X509Authorities.Count);

        _clock.MoveTo(last.NotAfter.AddSeconds(-1));
        _authority.Advance();
        Assert.True(X509SvidValidator.Validate(last.Chain, new BundleSet(_authority.Bundle), _clock.Now).IsValid);

        _clock.MoveTo(last.NotAfter.AddHours(1));
        Assert.True(_authority.Advance());
        Assert.Single(_authority.Bundle.X509Authorities);
        Assert.DoesNotContain(_authority.Keys, k => k.KeyId == first);
    }

    [Fact]
    public void Every_svid_holds_until_its_end_over_three_days_of_rotation()
    {
        List<X509Svid> x509 = [];
        List<JwtSvid> jwt = [];
        ulong sequence = 0;
        TrustBundle bundle = _authority.Bundle;
        for (int i = 0; i < 3 * 24 * 2; i++)
        {
            _clock.Move(TimeSpan.FromMinutes(30));
            if (_authority.Advance())
            {
                Assert.True(_authority.Bundle.Sequence > sequence);
                Assert.False(bundle.HasSameKeys(_authority.Bundle) && bundle.Sequence == _authority.Bundle.Sequence);
                (sequence, bundle) = (_authority.Bundle.Sequence!.Value, _authority.Bundle);
            }

            BundleSet bundles = new(_authority.Bundle);
            x509.Add(_authority.SignX509(new X509SvidRequest { Id = Web }));
            jwt.Add(_authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"], Ttl = TimeSpan.FromHours(2) }));
            Assert.All(x509.Where(s => s.NotAfter > _clock.Now), s => Assert.Equal(X509SvidRule.None, X509SvidValidator.Validate(s.Chain, bundles, _clock.Now).Broken));
            Assert.All(jwt.Where(s => s.ExpiresAt > _clock.Now), s => Assert.Equal(TokenRule.None, JwtSvidValidator.Validate(s.Token, "a", bundles, _clock.Now).Broken));
        }

        Assert.True(_authority.Keys.Count <= 9);
        x509.ForEach(s => s.Dispose());
    }

    [Theory]
    [InlineData(-30 * 24)]
    [InlineData(-1)]
    [InlineData(23)]
    [InlineData(30)]
    [InlineData(24 * 400)]
    public void A_clock_that_jumped_leaves_a_working_authority(int hours)
    {
        using X509Svid before = _authority.SignX509(new X509SvidRequest { Id = Web });
        _clock.Move(TimeSpan.FromHours(hours));

        using X509Svid after = _authority.SignX509(new X509SvidRequest { Id = Web });

        Assert.Equal(X509SvidRule.None, X509SvidValidator.Validate(after.Chain, new BundleSet(_authority.Bundle), _clock.Now).Broken);
        Assert.True(after.NotAfter > _clock.Now);
    }

    [Fact]
    public void A_change_that_a_signature_caused_is_reported_by_the_next_advance()
    {
        _clock.Move(TimeSpan.FromDays(3));
        _authority.SignX509(new X509SvidRequest { Id = Web }).Dispose();
        Assert.True(_authority.NextChange < _clock.Now);
        Assert.True(_authority.Advance());
        Assert.False(_authority.Advance());
        Assert.True(_authority.NextChange > _clock.Now);
    }

    [Fact]
    public void A_forced_rotation_changes_every_key_and_what_was_signed_before_still_holds()
    {
        JwtSvid before = _authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"] });
        HashSet<string> old = [.. _authority.Keys.Where(k => k.State == SigningKeyState.Active).Select(k => k.KeyId)];

        Assert.True(_authority.Rotate());

        Assert.All(_authority.Keys.Where(k => k.State == SigningKeyState.Active), k => Assert.DoesNotContain(k.KeyId, old));
        BundleSet bundles = new(_authority.Bundle);
        Assert.True(JwtSvidValidator.Validate(before.Token, "a", bundles, _clock.Now).IsValid);
        Assert.True(_authority.Advance());
    }

    [Fact]
    public void Forced_rotations_are_bounded()
    {
        int done = 0;
        while (done < 100 && _authority.Rotate()) done++;
        Assert.Equal(16, done);
        _clock.Move(TimeSpan.FromHours(2));
        Assert.True(_authority.Rotate());
        Assert.True(_authority.Bundle.X509Authorities.Count < 4);
    }

    [Fact]
    public void No_svid_outlives_its_issuer()
    {
        DateTimeOffset end = _authority.Keys.First(k => k.Use == SigningKeyUse.X509).NotAfter;
        using X509Svid x509 = _authority.SignX509(new X509SvidRequest { Id = Web, Ttl = TimeSpan.FromDays(1000) });
        JwtSvid jwt = _authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"], Ttl = TimeSpan.MaxValue });
        using WitSvid wit = _authority.SignWit(new WitSvidRequest { Id = Web, Ttl = TimeSpan.FromDays(1000) });
        Assert.Equal(end, x509.NotAfter);
        Assert.Equal(end, jwt.ExpiresAt);
        Assert.Equal(end, wit.ExpiresAt);
    }

    [Fact]
    public async Task Signers_and_rotations_run_at_once_and_every_signature_holds()
    {
        Task<(string Token, byte[] Chain)[]>[] signers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 60).Select(_ =>
        {
            using X509Svid x509 = _authority.SignX509(new X509SvidRequest { Id = Web });
            return (_authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"] }).Token, x509.Chain.ToArray());
        }).ToArray()))];
        Task rotations = Task.Run(() =>
        {
            for (int i = 0; i < 12; i++) _authority.Rotate();
        });
        await rotations;
        BundleSet bundles = new(_authority.Bundle);
        foreach ((string token, byte[] chain) in (await Task.WhenAll(signers)).SelectMany(s => s))
        {
            Assert.Equal(TokenRule.None, JwtSvidValidator.Validate(token, "a", bundles, _clock.Now).Broken);
            Assert.Equal(X509SvidRule.None, X509SvidValidator.Validate(chain, bundles, _clock.Now).Broken);
        }
    }

    [Fact]
    public void After_dispose_nothing_is_signed()
    {
        _authority.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _authority.SignX509(new X509SvidRequest { Id = Web }));
        Assert.Throws<ObjectDisposedException>(() => _authority.Advance());
    }

    private string ActiveCa() => Assert.Single(_authority.Keys, k => k is { Use: SigningKeyUse.X509, State: SigningKeyState.Active }).KeyId;
}
