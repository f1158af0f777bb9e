using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Issuance.Freshness;

/// <summary>Spreads callers evenly over the beats of one turn: ten thousand that came in one moment are looked at in small parts ever after.</summary>
/// <remarks>Guarded by its owner's lock.</remarks>
internal sealed class DueWheel(int beats)
{
    private readonly List<(LiveState State, long DueAt)>[] _buckets = [.. Enumerable.Range(0, beats).Select(_ => new List<(LiveState, long)>())];

    /// <summary>The beat that was taken last, from 1.</summary>
    public long Beat { get; private set; } = 1;

    /// <summary>Puts a caller into the emptiest beat of the second half of the turn to come. One that waits already stays where it is.</summary>
    public void Add(Caller caller)
    {
        if (caller.Live.DueAt > Beat) return;
        long best = Beat + beats - 1;
        for (long at = best; at >= Beat + (beats / 2); at--)
        {
            if (Bucket(at).Count < Bucket(best).Count) best = at;
        }

        Add(caller, best);
    }

    /// <summary>Puts a caller into the next beat.</summary>
    public void AddNext(Caller caller)
    {
        if (caller.Live.DueAt != Beat + 1) Add(caller, Beat + 1);
    }

    /// <summary>Goes on to the next beat; adds to <paramref name="due"/> who has his turn in it.</summary>
    public void Turn(List<Caller> due)
    {
        Beat++;
        List<(LiveState State, long DueAt)> bucket = Bucket(Beat);
        foreach ((LiveState state, long dueAt) in bucket)
        {
            if (state.DueAt == dueAt && state.Owner is { } caller) due.Add(caller); // Otherwise it was put elsewhere since, or is gone.
        }

        bucket.Clear();
    }

    private void Add(Caller caller, long at)
    {
        caller.Live.Owner = caller;
        caller.Live.DueAt = at;
        Bucket(at).Add((caller.Live, at));
    }

    private List<(LiveState State, long DueAt)> Bucket(long at) => _buckets[(int)(at % beats)];
}
