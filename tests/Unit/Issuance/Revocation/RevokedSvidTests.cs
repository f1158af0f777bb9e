using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>What the ledger calls dead is refused here although its signature and its times hold.</summary>
public sealed class RevokedSvidTests : IDisposable
{
    private const string Audience = "https://reports.example.org";
    private const string Task = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly SpiffeId TaskId = SpiffeId.Parse("spiffe://example.org/agent/review/task/" + Task);
    private static readonly SpiffeId ServiceId = SpiffeId.Parse("spiffe://example.org/web");

    private readonly IssuanceBench _bench = new();

    public RevokedSvidTests() => Assert.True(Ledger.Open(Task));

    private RevocationLedger Ledger => _bench.Service.Revocations;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_token_that_was_found_good_is_refused_once_its_task_is_revoked()
    {
        JwtSvid token = MintJwt();
        Assert.True(_bench.Service.ValidateJwt(token.Token, Audience).IsValid);
        Assert.True(_bench.Service.ValidateJwt(token.Token, Audience).IsValid); // From memory by now.

        Ledger.RevokeTask(Task, 0, RevocationReason.Narrowed);
        CredentialCheck<JwtSvid> check = _bench.Service.ValidateJwt(token.Token, Audience);

        Assert.False(check.IsValid);
        Assert.Null(check.Svid);
        Assert.Equal("revoked", check.Broken);
        Assert.Equal((CredentialStatus.Revoked, Task), (check.Status, check.Credential!.TaskId));
        // The validator alone would have taken it.
        Assert.True(JwtSvidValidator.Validate(token.Token, Audience, new BundleSet(_bench.Authority.Bundle), _bench.Time.GetUtcNow()).IsValid);
    }

    [Fact]
    public void A_suspended_token_is_refused_and_says_so()
    {
        JwtSvid token = MintJwt();
        Ledger.RevokeTask(Task, 0, RevocationReason.Suspended);
        Assert.Equal("suspended", _bench.Service.ValidateJwt(token.Token, Audience).Broken);
    }

    [Fact]
    public void A_revoked_token_is_refused_within_the_leeway_behind_its_expiry_too()
    {
        JwtSvid token = MintJwt();
        Ledger.EndTasks([Task], RevocationReason.Completed);
        _bench.Time.Pass(token.ExpiresAt - _bench.Time.GetUtcNow() + TimeSpan.FromSeconds(59));
        Ledger.Sweep();

        Assert.True(JwtSvidValidator.Validate(token.Token, Audience, new BundleSet(_bench.Authority.Bundle), _bench.Time.GetUtcNow()).IsValid);
        Assert.Equal("revoked", _bench.Service.ValidateJwt(token.Token, Audience).Broken);
    }

    [Fact]
    public void A_task_s_token_that_was_never_entered_is_refused()
    {
        JwtSvid token = _bench.Authority.SignJwt(new JwtSvidRequest { Id = TaskId, Audience = [Audience] });
        Assert.Equal("unknown", _bench.Service.ValidateJwt(token.Token, Audience).Broken);
    }

    [Fact]
    public void A_service_s_token_is_no_task_s_and_stays_good()
    {
        JwtSvid token = _bench.Authority.SignJwt(new JwtSvidRequest { Id = ServiceId, Audience = [Audience] });
        CredentialCheck<JwtSvid> check = _bench.Service.ValidateJwt(token.Token, Audience);
        Assert.True(check.IsValid);
        Assert.Equal(CredentialStatus.Unknown, check.Status);
    }

    [Fact]
    public void A_broken_rule_is_named_as_before()
    {
        JwtSvid token = MintJwt();
        Assert.Equal(nameof(TokenRule.AudienceMismatch), _bench.Service.ValidateJwt(token.Token, "https://else.example.org").Broken);
    }

    [Fact]
    public void A_wit_of_a_revoked_task_is_refused()
    {
        using WitSvid wit = _bench.Authority.SignWit(new WitSvidRequest { Id = TaskId });
        Enter(CredentialKind.Wit, wit.TokenId!, wit.ExpiresAt);
        Assert.True(_bench.Service.ValidateWit(wit.Token).IsValid);

        Ledger.EndTasks([Task], RevocationReason.Failed);
        Assert.Equal("revoked", _bench.Service.ValidateWit(wit.Token).Broken);
    }

    [Fact]
    public void A_certificate_of_a_revoked_task_is_refused()
    {
        using X509Svid svid = _bench.Authority.SignX509(new X509SvidRequest { Id = TaskId });
        Enter(CredentialKind.X509, svid.SerialNumber, svid.NotAfter);
        CredentialCheck<X509SvidCertificate> before = _bench.Service.ValidateX509(svid.Chain);
        Assert.True(before.IsValid);
        Assert.Equal(svid.Certificate.IssuerKeyId, before.Svid.IssuerKeyId);
        Assert.NotEmpty(before.Svid.IssuerKeyId);

        Ledger.EndTasks([Task], RevocationReason.Failed);
        Assert.Equal("revoked", _bench.Service.ValidateX509(svid.Chain).Broken);
    }

    private JwtSvid MintJwt()
    {
        JwtSvid token = _bench.Authority.SignJwt(new JwtSvidRequest { Id = TaskId, Audience = [Audience], Ttl = TimeSpan.FromMinutes(1) });
        Enter(CredentialKind.Jwt, token.TokenId!, token.ExpiresAt);
        return token;
    }

    private void Enter(CredentialKind kind, string id, DateTimeOffset expiresAt) =>
        Assert.Equal(LedgerRefusal.None, Ledger.Issued(new CredentialRecord { Kind = kind, Id = id, TaskId = Task, Generation = 0, ExpiresAt = expiresAt }));
}
