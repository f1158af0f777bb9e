using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Tests.Unit.Issuance;

public sealed class RotationTests
{
    [Theory]
    [InlineData(0.0, 1620)] // half of an hour, minus 10 %
    [InlineData(0.5, 1800)]
    [InlineData(1.0, 1980)]
    public void The_rotation_point_is_half_life_moved_by_at_most_ten_percent(double draw, int seconds)
    {
        DateTimeOffset issued = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(issued.AddSeconds(seconds), RotationPoint.At(issued, issued.AddHours(1), draw));
    }

    [Fact]
    public void Rotation_points_of_many_svids_are_spread_and_stay_within_bounds()
    {
        DateTimeOffset issued = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        double[] minutes = [.. Enumerable.Range(0, 500).Select(_ => (RotationPoint.Draw(issued, issued.AddHours(1)) - issued).TotalMinutes)];
        Assert.All(minutes, m => Assert.InRange(m, 27, 33));
        Assert.True(minutes.Max() - minutes.Min() > 4, "500 draws over six minutes lie within four: no jitter");
    }

    [Fact]
    public async Task The_same_answer_is_shared_until_the_rotation_point_and_another_one_comes_after_it()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease first = await bench.AdmitAsync(), second = await bench.AdmitAsync();
        (X509SVIDResponse response, long version) = IssuanceBench.X509(first);
        Assert.Equal(version, IssuanceBench.X509(second).Version);

        bench.Time.Pass(TimeSpan.FromMinutes(26));
        Assert.Equal(version, IssuanceBench.X509(first).Version);
        bench.Time.Pass(TimeSpan.FromMinutes(8));
        (X509SVIDResponse rotated, long next) = IssuanceBench.X509(first);
        Assert.NotEqual(version, next);
        Assert.NotEqual(response.Svids[0].X509SvidKey, rotated.Svids[0].X509SvidKey);
        Assert.Equal(next, IssuanceBench.X509(second).Version);
        Assert.Equal(2, bench.Service.Counters.X509);
    }

    [Fact]
    public async Task A_waiting_stream_is_woken_when_its_svid_is_due_and_not_before()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Task changed = lease.Changed;
        IssuanceBench.X509(lease);
        bench.Time.Pass(TimeSpan.FromMinutes(26));
        Assert.False(changed.IsCompleted);
        bench.Time.Pass(TimeSpan.FromMinutes(8));
        await changed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_expired_svid_is_never_served_even_if_no_timer_ran()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        IssuanceBench.X509(lease);
        bench.Time.SetClock(TimeSpan.FromHours(3)); // The wall clock jumps, timers know nothing of it.
        using X509Certificate2 leaf = Leaf(IssuanceBench.X509(lease).Response);
        Assert.True(leaf.NotAfter.ToUniversalTime() > bench.Time.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task A_clock_set_back_brings_an_svid_that_is_valid_by_the_new_time()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        IssuanceBench.X509(lease);
        bench.Time.SetClock(TimeSpan.FromHours(-1));
        using X509Certificate2 leaf = Leaf(IssuanceBench.X509(lease).Response);
        Assert.True(leaf.NotBefore.ToUniversalTime() <= bench.Time.GetUtcNow().UtcDateTime);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_set_clock_wakes_waiting_streams_within_a_beat(int hours)
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Task changed = lease.Changed;
        bench.Time.Pass(Housekeeping.Beat);
        bench.Housekeeping.OnBeat();
        Assert.False(changed.IsCompleted);
        bench.Time.SetClock(TimeSpan.FromHours(hours));
        bench.Time.Pass(Housekeeping.Beat);
        bench.Housekeeping.OnBeat();
        await changed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_jwt_is_cached_by_audience_until_its_rotation_point()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        AudienceSet one = AudienceSet.TryCreate(["a", "b"], out _)!, same = AudienceSet.TryCreate(["b", "a", "b"], out _)!, other = AudienceSet.TryCreate(["c"], out _)!;
        string token = lease.Jwt(one, null)[0].Svid.Token;
        Assert.Equal(token, lease.Jwt(same, null)[0].Svid.Token);
        Assert.NotEqual(token, lease.Jwt(other, null)[0].Svid.Token);
        bench.Time.Pass(TimeSpan.FromMinutes(3));
        Assert.NotEqual(token, lease.Jwt(one, null)[0].Svid.Token);
    }

    [Fact]
    public void Audience_sets_without_end_take_bounded_memory_and_are_still_answered()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        int signed = 0;
        JwtCache cache = new(
            audiences =>
            {
                signed++;
                return bench.Authority.SignJwt(new JwtSvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web"), Audience = audiences, Ttl = TimeSpan.FromMinutes(5) });
            },
            bench.Time);
        const int Sets = 3 * JwtCache.MaxAudienceSets;
        for (int i = 0; i < Sets; i++)
        {
            bench.Time.Pass(TimeSpan.FromMilliseconds(100));
            Assert.NotNull(cache.Get(AudienceSet.TryCreate([$"{i}"], out _)!));
            Assert.Equal(Math.Min(i + 1, JwtCache.MaxAudienceSets), cache.Peek(static svid => svid.TokenId).Length);
        }

        Assert.Equal(Sets, signed);
    }

    private static X509Certificate2 Leaf(X509SVIDResponse response) => X509CertificateLoader.LoadCertificate(response.Svids[0].X509Svid.Span);
}
