using System.Collections.Concurrent;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Asks about each container once, whoever waits for the answer, and remembers it for as long as the container lives.</summary>
/// <param name="lifetime">How long an answer is remembered at most; null for as long as the container lives.</param>
/// <param name="clock">Counts that time.</param>
internal sealed class Testimonies(TimeSpan? lifetime, TimeProvider clock)
{
    /// <summary>Containers remembered. 1024. Ours: more than one machine runs; some 1 MB.</summary>
    private const int Capacity = 1024;

    /// <summary>Longest that one container is asked about. 5 s. Ours: the attestors' own deadline, after which nobody waits any more.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    private readonly LeastRecentlyUsed<string, Testimony> _remembered = new(Capacity);
    private readonly ConcurrentDictionary<(string Place, SelectorKinds Needed), Task<Testimony>> _running = new();

    /// <summary>What is remembered of the container that a caller is in, if it answers the same question and still holds.</summary>
    internal Testimony? Recall(CgroupReading caller, string place, SelectorKinds needed) =>
        _remembered.TryGet(place, out Testimony? known) && ReferenceEquals(known.Needed, needed)
        && (lifetime is null || clock.GetElapsedTime(known.Taken) < lifetime) && known.HoldsFor(caller)
            ? known
            : null;

    /// <summary>Asks, or joins who is asking. One asking serves all, so no caller's cancellation ends it.</summary>
    internal Task<Testimony> AskAsync(string place, SelectorKinds needed, Func<CancellationToken, Task<Testimony>> ask, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Testimony> mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Testimony> running = _running.GetOrAdd((place, needed), mine.Task);
        if (running == mine.Task) _ = RunAsync(place, needed, ask, mine);
        return running.WaitAsync(cancellationToken);
    }

    private async Task RunAsync(string place, SelectorKinds needed, Func<CancellationToken, Task<Testimony>> ask, TaskCompletionSource<Testimony> result)
    {
        try
        {
            using CancellationTokenSource end = new(AskLimit, clock);
            Testimony testimony = await ask(end.Token);
            // An explanation asks for everything, secrets too: that is forgotten at once.
            if (testimony.Evidence.Count > 0 && !ReferenceEquals(needed, SelectorKinds.All)) _remembered.Set(place, testimony);
            _running.TryRemove((place, needed), out _);
            result.SetResult(testimony);
        }
#pragma warning disable CA1031 // Whoever waits gets the failure, whatever it is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _running.TryRemove((place, needed), out _);
            result.SetException(failure);
        }
    }
}
