using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Attestation.Kubernetes;

/// <summary>However many callers there are, the kubelet is asked once at a time, and not more often than the interval says.</summary>
public sealed class PodListsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly SemaphoreSlim _answers = new(0);
    private readonly PodLists _lists;
    private int _questions;
    private KubeletException? _failure;

    public PodListsTests() => _lists = new PodLists(AskAsync, new KubeletOptions(), _time);

    public void Dispose()
    {
        _asked.Dispose();
        _answers.Dispose();
    }

    [Fact]
    public async Task A_hundred_callers_cost_one_question()
    {
        Task<PodListing>[] callers = [.. Enumerable.Range(0, 100).Select(_ => _lists.AskedSinceAsync(0, CancellationToken.None))];
        _answers.Release();

        PodListing[] answers = await Task.WhenAll(callers).WaitAsync(Patience);

        Assert.Single(answers.Distinct());
        Assert.Equal(1, _questions);
    }

    [Fact]
    public async Task A_list_is_recent_for_a_second_and_no_longer()
    {
        _answers.Release();
        await _lists.AskedSinceAsync(0, CancellationToken.None).WaitAsync(Patience);

        _time.Pass(TimeSpan.FromSeconds(1));
        Assert.NotNull(_lists.Recent);
        _time.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Null(_lists.Recent);
    }

    [Fact]
    public async Task The_next_question_waits_for_the_interval_and_serves_who_came_meanwhile()
    {
        _answers.Release(2);
        PodListing first = await _lists.AskedSinceAsync(0, CancellationToken.None).WaitAsync(Patience);
        _time.Pass(TimeSpan.FromMilliseconds(100));
        Task<PodListing> early = _lists.AskedSinceAsync(first.Begun + 1, CancellationToken.None);
        Task<PodListing> late = _lists.AskedSinceAsync(_time.GetTimestamp(), CancellationToken.None);

        while (!late.IsCompleted)
        {
            _time.Pass(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1);
        }

        Assert.True(_time.GetElapsedTime(first.Begun, (await late).Begun) >= TimeSpan.FromMilliseconds(500));
        Assert.Same(await early, await late);
        Assert.Equal(2, _questions);
    }

    [Fact]
    public async Task A_caller_that_leaves_takes_nobody_elses_answer_with_it()
    {
        using CancellationTokenSource leaving = new();
        Task<PodListing> leaver = _lists.AskedSinceAsync(0, leaving.Token);
        Task<PodListing> stayer = _lists.AskedSinceAsync(0, CancellationToken.None);
        Assert.True(await _asked.WaitAsync(Patience));

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        _answers.Release();

        Assert.NotNull((await stayer.WaitAsync(Patience)).Pods);
    }

    [Fact]
    public async Task A_failure_is_everybodys_answer_and_is_not_recent()
    {
        _failure = new KubeletException("down");
        _answers.Release();

        PodListing outcome = await _lists.AskedSinceAsync(0, CancellationToken.None).WaitAsync(Patience);

        Assert.Same(_failure, outcome.Failure);
        Assert.Null(_lists.Recent);
    }

    private async Task<PodList> AskAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _questions);
        _asked.Release();
        await _answers.WaitAsync(cancellationToken);
        return _failure is null ? new PodList() : throw _failure;
    }
}
