using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>SVIDs of entries while the journal fails: nothing new, and what lives runs out.</summary>
public sealed class UnrecordedTests
{
    [Fact]
    public async Task Every_svid_of_an_entry_is_written_down_with_the_one_that_it_replaces()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        lease.HoldX509()!.Release();
        bench.Time.Pass(TimeSpan.FromMinutes(40));
        lease.HoldX509()!.Release();
        lease.Jwt(AudienceSet.TryCreate(["a"], out _)!, null);

        SvidEntry[] written = [.. bench.Journal.All.OfType<SvidEntry>()];
        Assert.Equal([SvidKind.X509, SvidKind.X509, SvidKind.Jwt], written.Select(entry => entry.Kind));
        Assert.Equal(["", written[0].CredentialId, ""], written.Select(entry => entry.Replaces));
        Assert.All(written, entry => Assert.True(entry.ExpiresAt > entry.At));
    }

    [Fact]
    public async Task Nothing_is_issued_that_cannot_be_written_down()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        bench.Journal.IsWritable = false;
        using WorkloadLease lease = await bench.AdmitAsync();

        Assert.Null(lease.HoldX509());
        Assert.Null(lease.HoldWit(null));
        Assert.Empty(lease.Jwt(AudienceSet.TryCreate(["a"], out _)!, null));
    }

    [Fact]
    public async Task What_lives_runs_out_and_is_replaced_once_the_journal_works_again()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using WorkloadLease lease = await bench.AdmitAsync();
        long first = Version(lease)!.Value;
        bench.Journal.IsWritable = false;

        bench.Time.Pass(TimeSpan.FromMinutes(40)); // Of an hour: due since half of it.
        Assert.Equal(first, Version(lease));
        bench.Time.Pass(TimeSpan.FromMinutes(21));
        Assert.Null(Version(lease));

        bench.Journal.IsWritable = true;
        Assert.NotEqual(first, Version(lease)!.Value);
    }

    private static long? Version(WorkloadLease lease)
    {
        Shared<Answer>? answer = lease.HoldX509();
        long? version = answer?.Value.Version;
        answer?.Release();
        return version;
    }
}
