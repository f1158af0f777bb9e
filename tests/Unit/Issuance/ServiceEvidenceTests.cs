using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>Services that know more than the kernel: who is asked, who waits, and what a failure costs.</summary>
public sealed class ServiceEvidenceTests
{
    private readonly FakeService _docker = new("docker") { Says = ["label:a:b"] };

    private static string Me => $"unix:uid:{IssuanceBench.UserId}";

    [Fact]
    public async Task A_service_by_which_no_entry_could_match_is_not_asked()
    {
        using IssuanceBench bench = new([_docker], IssuanceBench.Mine("/web"), IssuanceBench.For("unix:uid:4242 docker:label:a:b", "/other"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.Equal(["/web"], IssuanceBench.Paths(lease));
        Assert.Equal(0, _docker.Asked);
    }

    [Fact]
    public async Task A_service_that_hangs_does_not_hold_up_whom_it_could_not_help()
    {
        _docker.Ready = new TaskCompletionSource().Task;
        using IssuanceBench bench = new([_docker], IssuanceBench.Mine("/web"), IssuanceBench.For("unix:uid:4242 docker:label:a:b", "/other"));
        ValueTask<Admitted> call = bench.Service.AdmitAsync(bench.Self, CancellationToken.None);
        Assert.True(call.IsCompletedSuccessfully);
        (await call).Lease!.Dispose();
    }

    [Fact]
    public async Task What_a_service_says_earns_an_entry()
    {
        using IssuanceBench bench = new([_docker], IssuanceBench.For($"{Me} docker:label:a:b", "/container"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.Equal(["/container"], IssuanceBench.Paths(lease));
    }

    [Fact]
    public async Task A_failed_service_by_which_an_entry_might_match_leaves_no_smaller_identity()
    {
        _docker.IsDown = true;
        using IssuanceBench bench = new([_docker], IssuanceBench.Mine("/web"), IssuanceBench.For($"{Me} docker:label:a:b", "/container"));
        Admitted admitted = await bench.Service.AdmitAsync(bench.Self, CancellationToken.None);
        Assert.Equal(Refusal.EvidenceUnavailable, admitted.Refusal);
        Assert.Null(admitted.Lease);
    }

    [Fact]
    public async Task A_failed_service_costs_nothing_when_another_that_answered_rules_its_entries_out()
    {
        _docker.IsDown = true;
        FakeService k8s = new("k8s") { Says = ["ns:theirs"] };
        using IssuanceBench bench = new([_docker, k8s], IssuanceBench.Mine("/web"), IssuanceBench.For("k8s:ns:ours docker:label:a:b", "/pod"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.Equal(1, _docker.Asked); // It was asked: that k8s would say no was not known.
        Assert.Equal(["/web"], IssuanceBench.Paths(lease));
    }

    [Fact]
    public async Task Operators_see_how_often_each_was_asked_and_what_failed_last()
    {
        _docker.IsDown = true;
        using IssuanceBench bench = new([_docker], IssuanceBench.For($"{Me} docker:label:a:b", "/container"));
        await bench.Service.AdmitAsync(bench.Self, CancellationToken.None);
        await bench.Service.AdmitAsync(bench.Self, CancellationToken.None);

        AttestorHealth docker = Assert.Single(bench.Service.Attestors, a => a.Type == "docker"), unix = Assert.Single(bench.Service.Attestors, a => a.Type == "unix");
        Assert.Equal((2, 2, bench.Time.GetUtcNow()), (docker.Asked, docker.Failed, docker.LastFailureAt));
        Assert.NotEmpty(docker.LastFailure);
        Assert.Equal((2, 0, "", (DateTimeOffset?)null), (unix.Asked, unix.Failed, unix.LastFailure, unix.LastFailureAt));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_by_the_deadline_has_failed()
    {
        _docker.Ready = new TaskCompletionSource().Task;
        using IssuanceBench bench = new([_docker], IssuanceBench.For($"{Me} docker:label:a:b", "/container"));
        Task<Admitted> call = bench.Service.AdmitAsync(bench.Self, CancellationToken.None).AsTask();
        Assert.False(call.IsCompleted);
        bench.Time.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(Refusal.EvidenceUnavailable, (await call).Refusal);
    }

    [Fact]
    public async Task A_process_with_too_many_questions_waiting_is_told_so()
    {
        TaskCompletionSource ready = new();
        _docker.Ready = ready.Task;
        using IssuanceBench bench = new([_docker], IssuanceBench.For($"{Me} docker:label:a:b", "/container"));
        List<Task<Admitted>> calls = [.. Enumerable.Range(0, 4 + 16).Select(_ => bench.Service.AdmitAsync(bench.Self, CancellationToken.None).AsTask())];
        Assert.DoesNotContain(calls, call => call.IsCompleted);
        Assert.Equal(4, _docker.Asked); // Of one user, at one time.
        Assert.Equal(Refusal.RateLimited, (await bench.Service.AdmitAsync(bench.Self, CancellationToken.None)).Refusal);
        ready.SetResult();
        foreach (Task<Admitted> call in calls) (await call).Lease!.Dispose();
    }
}
