using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Workloads;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Issuance;

public sealed class ChangeTests
{
    [Fact]
    public async Task A_new_entry_shows_in_the_next_answer_and_the_old_identity_keeps_its_key()
    {
        Entry web = IssuanceBench.Mine("/web");
        using IssuanceBench bench = new(web);
        using WorkloadLease lease = await bench.AdmitAsync();
        var before = IssuanceBench.X509(lease).Response;
        bench.Entries.Replace(new EntrySnapshot([web, IssuanceBench.Mine("/db", priority: 1)]));
        var after = IssuanceBench.X509(lease).Response;
        Assert.Equal(["spiffe://example.org/db", "spiffe://example.org/web"], after.Svids.Select(s => s.SpiffeId));
        Assert.Equal(before.Svids[0].X509SvidKey, after.Svids[1].X509SvidKey);
    }

    [Fact]
    public async Task A_removed_entry_leaves_no_identity_and_its_keys_are_zeroed()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Shared<Answer> held = lease.HoldX509()!;
        Memory<byte> block = held.Value.Block;
        bench.Entries.Replace(EntrySnapshot.Empty);
        Assert.Null(lease.HoldX509());
        Assert.False(lease.IsEntitled);
        Assert.Contains(block.ToArray(), b => b != 0); // Somebody still writes it.
        held.Release();
        Assert.DoesNotContain(block.ToArray(), b => b != 0);
        Assert.Equal(0, bench.Service.LiveIdentities);
    }

    [Fact]
    public async Task A_reload_that_changes_nothing_for_a_workload_keeps_its_answer()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        long version = IssuanceBench.X509(lease).Version;
        Entry same = bench.Entries.Current.Entries[0];
        bench.Entries.Replace(new EntrySnapshot([same, IssuanceBench.For("unix:uid:4242", "/other")]));
        Assert.Equal(version, IssuanceBench.X509(lease).Version);
    }

    [Fact]
    public async Task A_new_signing_key_is_in_the_bundle_of_the_next_answer()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        int authorities = bench.Authority.Bundle.X509Authorities.Count;
        (var before, long version) = IssuanceBench.X509(lease);
        Task changed = lease.Changed;
        bench.Time.Pass(bench.Authority.NextChange - bench.Time.GetUtcNow());
        bench.Housekeeping.OnBeat();
        Assert.True(bench.Authority.Bundle.X509Authorities.Count > authorities);
        await changed.WaitAsync(TimeSpan.FromSeconds(30));
        (var after, long next) = IssuanceBench.X509(lease);
        Assert.NotEqual(version, next);
        Assert.True(after.Svids[0].Bundle.Length > before.Svids[0].Bundle.Length);
    }

    [Fact]
    public async Task Wit_for_one_identity_is_shared_and_stays_the_same_until_it_is_due()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"), IssuanceBench.Mine("/db"));
        using WorkloadLease lease = await bench.AdmitAsync();
        SpiffeId web = SpiffeId.Parse("spiffe://example.org/web");
        Shared<Answer> first = lease.HoldWit(web)!, again = lease.HoldWit(web)!;
        Assert.Equal(first.Value.Version, again.Value.Version);
        Assert.Null(lease.HoldWit(SpiffeId.Parse("spiffe://example.org/nobody")));
        first.Release();
        again.Release();
    }

    [Fact]
    public async Task An_unused_workload_is_forgotten_with_its_keys_after_a_while()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using (WorkloadLease lease = await bench.AdmitAsync()) IssuanceBench.X509(lease);
        Assert.Equal(1, bench.Service.LiveIdentities);
        bench.Time.Pass(WorkloadRegistry.IdleTimeout);
        bench.Housekeeping.OnBeat();
        Assert.Equal(0, bench.Service.LiveIdentities);
    }
}
