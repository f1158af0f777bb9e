using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Freshness;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>Evidence of live streams, taken again.</summary>
public sealed class FreshnessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeService _docker = new("docker") { Says = ["label:a:b"] };

    private static string Me => $"unix:uid:{IssuanceBench.UserId}";

    private static Entry Container => IssuanceBench.For($"{Me} docker:label:a:b", "/container");

    private static Entry Second => IssuanceBench.For($"{Me} docker:label:c:d", "/second");

    [Fact]
    public async Task A_stream_gets_what_its_process_has_come_to_hold_and_loses_what_it_holds_no_more()
    {
        using IssuanceBench bench = new([_docker], Container, Second);
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.Equal(["/container"], Next(lease));

        Task changed = lease.Changed;
        _docker.Says = ["label:a:b", "label:c:d"];
        Age(bench, TimeSpan.FromSeconds(66));
        await changed.WaitAsync(Patience);
        Assert.Equal(["/container", "/second"], Next(lease));

        changed = lease.Changed;
        _docker.Says = [];
        Age(bench, TimeSpan.FromSeconds(66));
        await changed.WaitAsync(Patience);
        Assert.Empty(Next(lease));
        Assert.Equal(2, bench.Service.Counters.ReattestationsChanged);
    }

    [Fact]
    public async Task A_stream_whose_evidence_stays_as_it_is_is_not_woken_and_services_are_left_alone()
    {
        using IssuanceBench bench = new([_docker], Container);
        using WorkloadLease lease = await bench.AdmitAsync();
        Task changed = lease.Changed;
        Age(bench, TimeSpan.FromSeconds(50));
        Assert.False(changed.IsCompleted);
        Assert.Equal(1, _docker.Asked);
        Assert.InRange(bench.Service.Counters.Reattestations, 10, 25);
        Age(bench, TimeSpan.FromSeconds(20));
        Assert.Equal(2, _docker.Asked);
        Assert.False(changed.IsCompleted);
    }

    [Fact]
    public async Task An_entry_that_asks_for_evidence_never_taken_reaches_open_streams()
    {
        Entry web = IssuanceBench.Mine("/web");
        using IssuanceBench bench = new([_docker], web);
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.Equal(["/web"], Next(lease));
        Assert.Equal(0, _docker.Asked);

        Task changed = lease.Changed;
        bench.Entries.Replace(new EntrySnapshot([web, Container]));
        bench.Service.Live.LookAtAll();
        await changed.WaitAsync(Patience);
        Assert.Equal(["/container", "/web"], Next(lease));
    }

    [Fact]
    public async Task Evidence_that_earns_the_same_gives_the_same_answer()
    {
        using IssuanceBench bench = new([_docker], Container, IssuanceBench.For("unix:uid:4242 docker:label:c:d", "/other"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Task changed = lease.Changed;
        long version = IssuanceBench.X509(lease).Version;
        _docker.Says = ["label:a:b", "label:c:d"];
        Age(bench, TimeSpan.FromSeconds(66));
        await changed.WaitAsync(Patience);
        _ = lease.Changed;
        Assert.Equal(version, IssuanceBench.X509(lease).Version);
    }

    [Fact]
    public async Task A_service_that_is_down_takes_nothing_from_a_stream_for_five_minutes_and_refuses_new_calls_meanwhile()
    {
        using IssuanceBench bench = new([_docker], Container);
        using WorkloadLease lease = await bench.AdmitAsync();
        Task changed = lease.Changed;
        _docker.IsDown = true;
        Age(bench, TimeSpan.FromSeconds(290));
        Assert.False(changed.IsCompleted);
        Assert.Equal(["/container"], IssuanceBench.Paths(lease));
        Assert.Equal(Refusal.EvidenceUnavailable, (await bench.Service.AdmitAsync(bench.Self, CancellationToken.None)).Refusal);
        Assert.InRange(_docker.Asked, 30, 100); // Once a minute while it answers, at each look since.

        Age(bench, TimeSpan.FromSeconds(15));
        await changed.WaitAsync(Patience);
        Assert.Empty(Next(lease));
        Assert.Equal(Refusal.EvidenceUnavailable, lease.Refusal);
        Assert.Null(lease.HoldX509());
        Assert.Equal(1, bench.Service.Counters.ReattestationsEnded);
    }

    [Fact]
    public async Task A_service_that_comes_back_is_believed_again()
    {
        using IssuanceBench bench = new([_docker], Container);
        using WorkloadLease lease = await bench.AdmitAsync();
        Task changed = lease.Changed;
        _docker.IsDown = true;
        Age(bench, TimeSpan.FromSeconds(200));
        _docker.IsDown = false;
        Age(bench, TimeSpan.FromSeconds(200));
        Assert.False(changed.IsCompleted);
        Assert.Equal(["/container"], IssuanceBench.Paths(lease));
    }

    [Fact]
    public async Task A_new_calls_evidence_counts_for_the_open_streams_of_its_connection()
    {
        using IssuanceBench bench = new([_docker], Container, Second);
        using WorkloadLease stream = await bench.AdmitAsync();
        Task changed = stream.Changed;
        _docker.Says = ["label:c:d"];
        using WorkloadLease call = await bench.AdmitAsync();
        await changed.WaitAsync(Patience);
        Assert.Equal(["/second"], Next(stream));
    }

    [Fact]
    public void Ten_thousand_streams_are_looked_at_within_five_seconds_each_and_in_small_parts()
    {
        const int callers = 10_000;
        DueWheel wheel = new(25);
        List<Caller> all = [.. Enumerable.Range(0, callers).Select(_ => Caller.Open(0, 0, 0, null))];
        foreach (Caller caller in all) wheel.Add(caller); // In one moment.
        Dictionary<Caller, long> seen = all.ToDictionary(c => c, _ => wheel.Beat);
        List<Caller> due = [];
        for (int beat = 0; beat < 250; beat++)
        {
            due.Clear();
            wheel.Turn(due);
            Assert.InRange(due.Count, 0, callers / 12);
            foreach (Caller caller in due)
            {
                Assert.InRange(wheel.Beat - seen[caller], 1, 25);
                seen[caller] = wheel.Beat;
                wheel.Add(caller);
            }
        }

        Assert.All(all, caller => Assert.InRange(wheel.Beat - seen[caller], 0, 25));
    }

    [Fact]
    public async Task A_stream_that_has_ended_is_looked_at_no_more()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        WorkloadLease lease = await bench.AdmitAsync();
        _ = lease.Changed;
        Age(bench, LiveCallers.MaxAge);
        long looks = bench.Service.Counters.Reattestations;
        Assert.InRange(looks, 1, 2);
        lease.Dispose();
        Age(bench, 3 * LiveCallers.MaxAge);
        Assert.Equal(looks, bench.Service.Counters.Reattestations);
    }

    /// <summary>Time passes, beat by beat.</summary>
    private static void Age(IssuanceBench bench, TimeSpan by)
    {
        for (TimeSpan passed = default; passed < by; passed += LiveCallers.Beat)
        {
            bench.Time.Pass(LiveCallers.Beat);
            bench.Service.Live.OnBeat();
        }
    }

    /// <summary>What the stream would send next.</summary>
    private static string[] Next(WorkloadLease lease)
    {
        _ = lease.Changed;
        return IssuanceBench.Paths(lease);
    }
}
