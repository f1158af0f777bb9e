using System.Text;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>Status lists are signed when they must be and not more often; a change shows at once.</summary>
public sealed class StatusListPublisherTests : IDisposable
{
    private const string Task = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly IssuanceBench _bench = new();

    public StatusListPublisherTests() => Assert.True(Ledger.Open(Task));

    private RevocationLedger Ledger => _bench.Service.Revocations;

    private StatusListPublisher Publisher => _bench.Service.StatusLists!;

    private long Number => Ledger.StatusLists!.Numbers[0];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_same_state_is_signed_once()
    {
        StatusListDocument first = Publisher.Get(Number)!;
        Assert.Same(first, Publisher.Get(Number));
        Enter(); // A valid token changes no state.
        Assert.Same(first, Publisher.Get(Number));
    }

    [Fact]
    public void A_change_shows_in_the_next_answer()
    {
        StatusListDocument before = Publisher.Get(Number)!;
        Enter();
        Ledger.RevokeTask(Task, 0, RevocationReason.Narrowed);

        StatusListDocument after = Publisher.Get(Number)!;
        Assert.NotEqual(before.Tag, after.Tag);
        Assert.NotEqual(before.Token.ToArray(), after.Token.ToArray());
    }

    [Fact]
    public void At_half_of_its_time_to_live_a_list_is_signed_again()
    {
        StatusListDocument first = Publisher.Get(Number)!;
        _bench.Time.Pass((first.TimeToLive / 2) - TimeSpan.FromTicks(1));
        Assert.Same(first, Publisher.Get(Number));
        _bench.Time.Pass(TimeSpan.FromTicks(1));
        Assert.NotSame(first, Publisher.Get(Number));
    }

    [Fact]
    public void A_set_clock_leads_to_a_list_that_holds_now()
    {
        StatusListDocument first = Publisher.Get(Number)!;
        _bench.Time.SetClock(TimeSpan.FromHours(1));
        Assert.Equal(_bench.Time.GetUtcNow(), Publisher.Get(Number)!.IssuedAt);
        Assert.NotSame(first, Publisher.Get(Number));
    }

    [Fact]
    public void New_keys_sign_the_lists_again()
    {
        StatusListDocument first = Publisher.Get(Number)!;
        Assert.True(_bench.Authority.Rotate());
        Assert.NotSame(first, Publisher.Get(Number));
    }

    [Fact]
    public void A_list_that_is_not_there_is_null()
    {
        Assert.Null(Publisher.Get(Number + 1));
        Assert.Null(Publisher.Get(Number - 1));
        Assert.Null(Publisher.Get(long.MaxValue));
        Assert.Null(Publisher.Get(long.MinValue));
    }

    [Fact]
    public void Without_an_address_there_are_no_lists_and_tokens_name_none()
    {
        RevocationLedger ledger = new(new RevocationOptions(), TimeSpan.Zero, _bench.Time);
        Assert.Null(ledger.StatusLists);
        Assert.Null(ledger.ReserveStatus());
    }

    [Fact]
    public void A_status_list_is_no_svid_and_an_svid_is_no_status_list()
    {
        BundleSet bundles = new(_bench.Authority.Bundle);
        string list = Encoding.ASCII.GetString(Publisher.Get(Number)!.Token.Span);
        JwtSvid svid = _bench.Authority.SignJwt(new JwtSvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web"), Audience = ["a"] });

        Assert.Equal(TokenRule.TypeNotAllowed, JwtSvidValidator.Validate(list, "a", bundles, _bench.Time.GetUtcNow()).Broken);
        Assert.Equal(TokenRule.TypeNotAllowed, WitSvidValidator.Validate(list, bundles, _bench.Time.GetUtcNow()).Broken);

        // Not by its typ alone: neither key is among the other's.
        string keySet = Encoding.UTF8.GetString(Publisher.KeySet.Span);
        Assert.DoesNotContain(svid.KeyId, keySet, StringComparison.Ordinal);
        foreach (ReadOnlyMemory<byte> published in new[] { bundles.Own.JwtKeySet, bundles.Own.WitKeySet, bundles.Own.Document })
        {
            Assert.DoesNotContain(KeyIdOf(list), Encoding.UTF8.GetString(published.Span), StringComparison.Ordinal);
        }

        Assert.Contains(KeyIdOf(list), keySet, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_header_of_an_svid_a_status_list_is_no_svid_either()
    {
        // The attack: the signature of a status list under another header and with an audience.
        string[] list = Encoding.ASCII.GetString(Publisher.Get(Number)!.Token.Span).Split('.');
        JwtSvid svid = _bench.Authority.SignJwt(new JwtSvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web"), Audience = ["a"] });
        string[] parts = svid.Token.Split('.');
        BundleSet bundles = new(_bench.Authority.Bundle);

        Assert.False(JwtSvidValidator.Validate($"{parts[0]}.{list[1]}.{list[2]}", "a", bundles, _bench.Time.GetUtcNow()).IsValid);
        Assert.False(JwtSvidValidator.Validate($"{parts[0]}.{parts[1]}.{list[2]}", "a", bundles, _bench.Time.GetUtcNow()).IsValid);
    }

    private static string KeyIdOf(string token)
    {
        using System.Text.Json.JsonDocument header = System.Text.Json.JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]));
        Assert.Equal("statuslist+jwt", header.RootElement.GetProperty("typ").GetString());
        return header.RootElement.GetProperty("kid").GetString()!;
    }

    private void Enter() => Assert.Equal(LedgerRefusal.None, Ledger.Issued(new CredentialRecord
    {
        Kind = CredentialKind.Jwt,
        Id = Guid.NewGuid().ToString("N"),
        TaskId = Task,
        Generation = 0,
        ExpiresAt = _bench.Time.GetUtcNow() + TimeSpan.FromMinutes(1),
        Status = Ledger.ReserveStatus(),
    }));
}
