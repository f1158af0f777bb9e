using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>What is entered lives, what is revoked is dead for good, and nothing of a dead task gets in.</summary>
public sealed class RevocationLedgerTests
{
    private readonly LedgerBench _bench = new();

    private RevocationLedger Ledger => _bench.Ledger;

    [Fact]
    public void What_was_entered_is_valid_and_what_was_not_is_unknown()
    {
        CredentialRecord credential = _bench.Enter();

        Assert.Equal(CredentialStatus.Valid, _bench.StatusOf(credential));
        Assert.Equal(CredentialStatus.Unknown, Ledger.StatusOf(CredentialKind.Jwt, "another"));
        Assert.Equal(CredentialStatus.Unknown, Ledger.StatusOf(CredentialKind.X509, credential.Id));
    }

    [Fact]
    public void A_token_is_found_by_its_name_whatever_kind_of_token_it_is() =>
        Assert.Equal(CredentialStatus.Valid, Ledger.StatusOf(CredentialKind.Jwt, _bench.Enter(CredentialKind.ActionToken).Id));

    [Fact]
    public void A_task_that_was_never_opened_gets_nothing() =>
        Assert.Equal(LedgerRefusal.TaskNotOpen, Ledger.Issued(_bench.New(task: LedgerBench.Child)));

    [Fact]
    public void A_task_that_ended_gets_nothing_any_more()
    {
        CredentialRecord late = _bench.New(generation: 7);
        Ledger.EndTasks([LedgerBench.Task], RevocationReason.Completed);

        Assert.Equal(LedgerRefusal.TaskNotOpen, Ledger.Issued(late));
        Assert.Equal(CredentialStatus.Unknown, _bench.StatusOf(late));
        Assert.Equal(0, Ledger.OpenTasks);
    }

    [Fact]
    public void A_credential_that_was_minted_while_its_generation_was_revoked_does_not_leave()
    {
        CredentialRecord minted = _bench.New(generation: 1);
        Ledger.RevokeTask(LedgerBench.Task, 1, RevocationReason.Narrowed);

        Assert.Equal(LedgerRefusal.GenerationRevoked, Ledger.Issued(minted));
        Assert.Equal(LedgerRefusal.None, Ledger.Issued(_bench.New(generation: 2)));
    }

    [Fact]
    public void A_generation_that_was_revoked_stays_revoked_when_a_smaller_one_is_named_later()
    {
        Ledger.RevokeTask(LedgerBench.Task, 5, RevocationReason.Narrowed);
        Ledger.RevokeTask(LedgerBench.Task, 1, RevocationReason.Narrowed);

        Assert.Equal(LedgerRefusal.GenerationRevoked, Ledger.Issued(_bench.New(generation: 5)));
    }

    [Fact]
    public void Revoking_a_generation_leaves_the_next_one_alive()
    {
        CredentialRecord old = _bench.Enter(generation: 1);
        CredentialRecord young = _bench.Enter(generation: 2);

        Ledger.RevokeTask(LedgerBench.Task, 1, RevocationReason.Narrowed);

        Assert.Equal(CredentialStatus.Revoked, _bench.StatusOf(old));
        Assert.Equal(CredentialStatus.Valid, _bench.StatusOf(young));
    }

    [Fact]
    public void What_was_suspended_is_never_valid_again_and_is_revoked_when_the_task_goes_on()
    {
        CredentialRecord before = _bench.Enter(CredentialKind.X509);
        Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Suspended);
        Assert.Equal(CredentialStatus.Suspended, _bench.StatusOf(before));

        RevocationEvent resumed = Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Resumed);

        Assert.Equal(CredentialStatus.Revoked, _bench.StatusOf(before));
        Assert.Equal(before, Assert.Single(resumed.Credentials).Credential);
        Assert.Equal(CredentialStatus.Valid, _bench.StatusOf(_bench.Enter(generation: 1)));
    }

    [Fact]
    public void What_is_revoked_does_not_become_merely_suspended()
    {
        CredentialRecord credential = _bench.Enter();
        Ledger.RevokeCredentials([(credential.Kind, credential.Id)], RevocationReason.Withdrawn);

        RevocationEvent paused = Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Suspended);

        Assert.Empty(paused.Credentials);
        Assert.Equal(CredentialStatus.Revoked, _bench.StatusOf(credential));
    }

    [Fact]
    public void A_subtree_dies_in_one_step()
    {
        Assert.True(Ledger.Open(LedgerBench.Child));
        CredentialRecord[] all = [_bench.Enter(), _bench.Enter(CredentialKind.X509), _bench.Enter(task: LedgerBench.Child), _bench.Enter(CredentialKind.Wit, LedgerBench.Child)];
        long before = Ledger.LastSequence;

        RevocationEvent end = Ledger.EndTasks([LedgerBench.Task, LedgerBench.Child], RevocationReason.Failed);

        Assert.Equal(before + 1, Ledger.LastSequence);
        Assert.Equal(all.Select(c => c.Id).Order(StringComparer.Ordinal), end.Credentials.Select(c => c.Credential.Id).Order(StringComparer.Ordinal));
        Assert.All(all, c => Assert.Equal(CredentialStatus.Revoked, _bench.StatusOf(c)));
    }

    [Fact]
    public void A_task_without_credentials_is_told_of_when_it_ends() =>
        Assert.Equal(LedgerBench.Task, Assert.Single(Ledger.EndTasks([LedgerBench.Task], RevocationReason.Expired).Tasks).TaskId);

    [Fact]
    public void A_task_that_ends_cannot_be_called_suspended() =>
        Assert.Throws<ArgumentException>(() => Ledger.EndTasks([LedgerBench.Task], RevocationReason.Suspended));

    [Fact]
    public void A_name_is_entered_once()
    {
        CredentialRecord first = _bench.Enter();

        Assert.Equal(LedgerRefusal.Repeated, Ledger.Issued(first));
        Assert.Equal(LedgerRefusal.Repeated, Ledger.Issued(first with { Kind = CredentialKind.ActionToken }));
    }

    [Fact]
    public void What_has_expired_or_lives_too_long_is_not_entered()
    {
        Assert.Equal(LedgerRefusal.Lifetime, Ledger.Issued(_bench.New(life: TimeSpan.Zero)));
        Assert.Equal(LedgerRefusal.Lifetime, Ledger.Issued(_bench.New(life: RevocationLedger.MaxLifetime + TimeSpan.FromTicks(1))));
        Assert.Equal(LedgerRefusal.None, Ledger.Issued(_bench.New(life: RevocationLedger.MaxLifetime)));
    }

    [Fact]
    public void An_open_task_is_not_opened_again()
    {
        Ledger.RevokeTask(LedgerBench.Task, 3, RevocationReason.Withdrawn);

        Assert.False(Ledger.Open(LedgerBench.Task));
        Assert.Equal(LedgerRefusal.GenerationRevoked, Ledger.Issued(_bench.New(generation: 3)));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_a_revocation()
    {
        Task changed = Ledger.Changed.Next;
        Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Withdrawn);
        await changed.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
