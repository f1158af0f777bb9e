using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>Revocation lists in X.509 answers: none while nothing is revoked, and then at once.</summary>
public sealed class CrlStreamTests : IDisposable
{
    private const string Task = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly IssuanceBench _bench = new(IssuanceBench.Mine("/web"));

    public CrlStreamTests() => Assert.True(Ledger.Open(Task));

    private RevocationLedger Ledger => _bench.Service.Revocations;

    private CrlPublisher Crls => _bench.Service.Crls;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task While_nothing_is_revoked_there_is_no_list_and_nothing_changes()
    {
        using WorkloadLease lease = await _bench.AdmitAsync();
        (X509SVIDResponse response, long version) = IssuanceBench.X509(lease);
        Ledger.RevokeTask(Task, 0, RevocationReason.Narrowed); // Held no certificate.

        Assert.False(Crls.Publish());
        _bench.Housekeeping.OnBeat();

        Assert.Empty(response.Crl);
        Assert.Same(CrlSet.None, lease.Crls);
        Assert.Equal(version, IssuanceBench.X509(lease).Version);
    }

    [Fact]
    public async Task A_revoked_certificate_is_in_the_next_answer_and_the_key_stays()
    {
        using WorkloadLease lease = await _bench.AdmitAsync();
        (X509SVIDResponse before, long version) = IssuanceBench.X509(lease);
        X509SvidCertificate dead = Enter();
        Ledger.RevokeTask(Task, 0, RevocationReason.Withdrawn);

        Assert.True(Crls.Publish());
        (X509SVIDResponse after, long next) = IssuanceBench.X509(lease);

        Assert.NotEqual(version, next);
        Assert.Equal(before.Svids[0].X509SvidKey, after.Svids[0].X509SvidKey);
        Assert.True(Names(Assert.Single(after.Crl), dead));
        Assert.False(Crls.Publish());
    }

    [Fact]
    public async Task An_open_stream_is_woken_when_a_certificate_dies()
    {
        using CancellationTokenSource stop = new();
        Task housekeeping = _bench.Housekeeping.RunAsync(stop.Token);
        using WorkloadLease lease = await _bench.AdmitAsync();
        X509SvidCertificate dead = Enter();
        Task changed = lease.Changed;
        Assert.Empty(IssuanceBench.X509(lease).Response.Crl);

        Ledger.EndTasks([Task], RevocationReason.Failed);
        await changed.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True(Names(Assert.Single(IssuanceBench.X509(lease).Response.Crl), dead));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => housekeeping);
    }

    [Fact]
    public void After_a_rotation_there_is_a_list_of_each_key_that_signed_and_each_revokes_its_own()
    {
        X509SvidCertificate old = Enter();
        Assert.True(_bench.Authority.Rotate());
        X509SvidCertificate young = Enter();
        Ledger.RevokeCredentials([(CredentialKind.X509, old.SerialNumber)], RevocationReason.Compromised);
        Crls.Publish();

        Assert.Equal([young.IssuerKeyId, old.IssuerKeyId], Crls.Streamed.Lists.Select(l => l.IssuerKeyId));
        Assert.Equal([0, 1], Crls.Streamed.Lists.Select(l => l.Count));
    }

    [Fact]
    public void A_rotation_leads_to_new_lists()
    {
        Enter();
        Ledger.EndTasks([Task], RevocationReason.Failed);
        Crls.Publish();
        Assert.Single(Crls.Streamed.Lists);

        Assert.True(_bench.Authority.Rotate());
        _bench.Housekeeping.OnBeat();

        Assert.Equal(2, Crls.Streamed.Lists.Length);
    }

    [Fact]
    public void Numbers_only_grow()
    {
        List<long> numbers = [];
        for (int i = 0; i < 5; i++)
        {
            Enter(generation: i);
            Ledger.RevokeTask(Task, i, RevocationReason.Narrowed);
            numbers.Add(Crls.Current.Lists[0].Number);
        }

        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Fact]
    public void A_list_is_signed_once_for_each_state_and_again_at_half_of_its_life()
    {
        CrlSet first = Crls.Current;
        Assert.Same(first, Crls.Current);
        _bench.Time.Pass(CrlPublisher.Life / 2);
        Assert.NotSame(first, Crls.Current);
    }

    [Fact]
    public void A_clock_that_was_set_back_leads_to_a_list_that_holds_now()
    {
        CrlSet first = Crls.Current;
        _bench.Time.SetClock(-TimeSpan.FromMinutes(1));
        Assert.NotSame(first, Crls.Current);
    }

    [Fact]
    public void An_expired_certificate_stands_in_one_more_list_and_then_in_none_and_streams_are_rid_of_it()
    {
        X509SvidCertificate dead = Enter(TimeSpan.FromMinutes(1));
        Ledger.EndTasks([Task], RevocationReason.Completed);
        Crls.Publish();

        // RFC 5280 §3.3: not before it stood in a list that was issued after it expired.
        Assert.True(dead.NotAfter + TimeSpan.FromMinutes(2) < _bench.Time.GetUtcNow() + (CrlPublisher.Life / 2));
        Beat();
        Assert.Equal(CredentialStatus.Unknown, Ledger.StatusOf(CredentialKind.X509, dead.SerialNumber));
        Assert.Equal(1, Crls.Streamed.Revoked);
        Beat();
        Assert.Same(CrlSet.None, Crls.Streamed);

        void Beat()
        {
            _bench.Time.Pass(CrlPublisher.Life / 2);
            _bench.Housekeeping.OnBeat();
            _bench.Housekeeping.OnBeat();
        }
    }

    [Fact]
    public void Lists_that_are_too_large_for_every_stream_are_left_out_and_stay_to_be_fetched()
    {
        for (int i = 0; i < 2000; i++) EnterRecord($"40{i:x30}", _bench.Time.GetUtcNow() + TimeSpan.FromMinutes(5), 0);
        Ledger.EndTasks([Task], RevocationReason.Withdrawn);
        Crls.Publish();

        Assert.True(Crls.IsWithheld);
        Assert.Same(CrlSet.None, Crls.Streamed);
        Assert.Equal(2000, Crls.Current.Revoked);
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(250, 50)]
    [InlineData(1000, 200)]
    [InlineData(5000, 1000)]
    [InlineData(long.MaxValue, 1000)]
    public void The_more_streams_there_are_the_longer_they_are_left_alone(long streams, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), CrlPublisher.PaceFor(streams));

    [Fact]
    public void Suspended_is_on_hold_and_keeps_the_time_of_its_death_when_it_is_revoked()
    {
        X509SvidCertificate dead = Enter();
        DateTimeOffset paused = _bench.Time.GetUtcNow();
        Ledger.RevokeTask(Task, 0, RevocationReason.Suspended);
        Assert.True(Names(ByteString.CopyFrom(Crls.Current.Lists[0].Der.Span), dead));
        _bench.Time.Pass(TimeSpan.FromMinutes(1));
        Ledger.EndTasks([Task], RevocationReason.Expired);

        Assert.Equal(paused, Assert.Single(Ledger.DeadCertificates().Revoked).At);
    }

    private static bool Names(ByteString crl, X509SvidCertificate certificate) =>
        CertificateRevocationListBuilder.Load(crl.ToByteArray(), out _).RemoveEntry(Convert.FromHexString(certificate.SerialNumber));

    private X509SvidCertificate Enter(TimeSpan? ttl = null, int generation = 0)
    {
        using X509Svid svid = _bench.Authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/agent/review/task/" + Task), Ttl = ttl });
        EnterRecord(svid.SerialNumber, svid.NotAfter, generation, svid.Certificate.IssuerKeyId);
        return svid.Certificate;
    }

    private void EnterRecord(string serial, DateTimeOffset expiresAt, int generation, string issuer = "") => Assert.Equal(
        LedgerRefusal.None,
        Ledger.Issued(new CredentialRecord { Kind = CredentialKind.X509, Id = serial, TaskId = Task, Generation = generation, ExpiresAt = expiresAt, IssuerKeyId = issuer }));
}
