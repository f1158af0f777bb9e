using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance.Offboarding;

/// <summary>The negative test fails where a way in which others learn of credentials is broken, and says which.</summary>
public sealed class NegativeTestTests : IDisposable
{
    private readonly IssuanceBench _bench = new();
    private readonly RevocationLedger _ledger;

    public NegativeTestTests() => _ledger = _bench.Service.Revocations;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Where_all_is_well_every_way_refuses()
    {
        EndedTask ended = End(Enter("t"));

        Assert.All(All(_ledger, ended), check => Assert.Empty(check.Accepted));
    }

    [Fact]
    public void A_ledger_that_forgot_to_revoke_is_named_by_every_way_that_asks_it()
    {
        // What an end would leave that revoked nothing: the credentials live on, and the feed says nothing of them.
        ImmutableArray<RevokedCredential> alive = [.. Enter("t").Select(credential => new RevokedCredential(credential, CredentialStatus.Revoked, RevocationReason.Completed, _bench.Time.GetUtcNow()))];
        EndedTask forgotten = new("t", _ledger.LastSequence + 1, alive);

        Assert.Equal(["ledger", "issuance", "verify_task", "validate_jwt_svid", "status_list", "feed", "crl"], All(_ledger, forgotten).Where(check => !check.Accepted.IsEmpty).Select(check => check.Channel));
    }

    [Fact]
    public void A_feed_that_names_no_credentials_is_named()
    {
        EndedTask ended = End(Enter("t"));
        EndedTask wrong = ended with { Sequence = ended.Sequence + 1 };

        Assert.Equal("feed", Assert.Single(All(_ledger, wrong), check => !check.Accepted.IsEmpty).Channel);
    }

    [Fact]
    public void Lists_without_a_serial_number_are_named()
    {
        CrlSet before = _bench.Service.Crls.Current;
        EndedTask ended = End(Enter("t"));

        Assert.Equal<string>([Serial], new CrlChannel(() => before).Ask(ended).Accepted);
        Assert.Equal<string>([Serial], new CrlChannel(() => CrlSet.None).Ask(ended).Accepted);
        Assert.Empty(new CrlChannel(() => _bench.Service.Crls.Current).Ask(ended).Accepted);
    }

    [Fact]
    public void Another_runs_status_list_is_named()
    {
        EndedTask ended = End(Enter("t"));
        RevocationLedger other = new(IssuanceBench.Revocation, TimeSpan.FromMinutes(1), new ManualTime());

        Assert.NotEmpty(new StatusListChannel(other.StatusLists!).Ask(ended).Accepted);
    }

    [Fact]
    public void What_died_so_long_ago_that_the_feed_dropped_it_is_told_to_all_who_come_back()
    {
        EndedTask ended = End(Enter("t"));
        for (int i = 0; i < EventRing.MaxEvents + 1; i++) _ledger.RevokeTask("nobody", 1, RevocationReason.Withdrawn);

        Assert.Empty(new FeedChannel(_ledger).Ask(ended).Accepted);
    }

    private const string Serial = "00a1b2c3";

    private static ImmutableArray<ChannelCheck> All(RevocationLedger ledger, EndedTask ended, CrlPublisher crls)
    {
        NegativeTest test = NegativeTest.Of(ledger, crls);
        return [.. test.AtOnce(ended), .. test.Later(ended)];
    }

    private ImmutableArray<ChannelCheck> All(RevocationLedger ledger, EndedTask ended) => All(ledger, ended, _bench.Service.Crls);

    private CredentialRecord[] Enter(string task)
    {
        Assert.True(_ledger.Open(task));
        CredentialRecord[] credentials =
        [
            Record(CredentialKind.X509, Serial, task),
            Record(CredentialKind.Jwt, "jwt-1", task) with { Status = _ledger.ReserveStatus() },
            Record(CredentialKind.Wit, "wit-1", task) with { Status = _ledger.ReserveStatus() },
            Record(CredentialKind.ActionToken, "action-1", task) with { Status = _ledger.ReserveStatus() },
        ];
        foreach (CredentialRecord credential in credentials) Assert.Equal(LedgerRefusal.None, _ledger.Issued(credential));
        return credentials;
    }

    private EndedTask End(CredentialRecord[] credentials)
    {
        RevocationEvent revoked = _ledger.EndTasks([credentials[0].TaskId], RevocationReason.Completed);
        return new EndedTask(credentials[0].TaskId, revoked.Sequence, revoked.Credentials);
    }

    private CredentialRecord Record(CredentialKind kind, string id, string task) => new() { Kind = kind, Id = id, TaskId = task, Generation = 1, ExpiresAt = _bench.Time.GetUtcNow() + TimeSpan.FromMinutes(5) };
}
