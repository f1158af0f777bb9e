using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>Shares the kubelet's answers: however many callers there are, it is asked once at a time and at most once in <see cref="KubeletOptions.PollInterval"/>.</summary>
/// <param name="ask">Puts the question. It is no caller's own, so no caller's cancellation ends it.</param>
/// <param name="options">Interval and age.</param>
/// <param name="clock">The clock.</param>
internal sealed class PodLists(Func<CancellationToken, Task<PodList>> ask, KubeletOptions options, TimeProvider clock)
{
    private readonly Lock _gate = new(); // guards both below
    private PodListing? _latest;
    private Task? _asking;

    /// <summary>The latest list, if it is young enough to say what a container is.</summary>
    internal PodList? Recent
    {
        get
        {
            lock (_gate) return _latest is { Pods: { } pods, Begun: long begun } && clock.GetElapsedTime(begun) <= options.MaxListAge ? pods : null;
        }
    }

    /// <summary>An outcome that was asked for at <paramref name="since"/> or later: one that is there, or the next. A failure is shared as well.</summary>
    internal async Task<PodListing> AskedSinceAsync(long since, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task asking;
            lock (_gate)
            {
                if (_latest is { } latest && latest.Begun >= since) return latest;
                asking = _asking ??= Task.Run(() => AskAsync(_latest), CancellationToken.None);
            }

            await asking.WaitAsync(cancellationToken);
        }
    }

    private async Task AskAsync(PodListing? before)
    {
        TimeSpan early = before is null ? TimeSpan.Zero : options.PollInterval - clock.GetElapsedTime(before.Begun);
        if (early > TimeSpan.Zero) await Task.Delay(early, clock);
        long begun = clock.GetTimestamp();
        PodListing outcome;
        try
        {
            outcome = new PodListing(begun, await ask(CancellationToken.None), null);
        }
#pragma warning disable CA1031 // Whoever waits gets the failure, whatever it is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            outcome = new PodListing(begun, null, failure as KubeletException ?? new KubeletException($"the kubelet could not be asked: {failure.GetType().Name}", failure));
        }

        lock (_gate)
        {
            _latest = outcome;
            _asking = null;
        }
    }
}
