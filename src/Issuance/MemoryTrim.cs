namespace Spiffe.Agent.Issuance;

/// <summary>Gives memory back to the machine: what the start needed, and what a crowd of streams held that has left.</summary>
/// <remarks>The collector runs when something is allocated. A daemon whose thousands of streams have all closed allocates nothing, and would keep their memory for as long
/// as it idles: so it is asked once, when the number of streams has settled. The pause is some tens of milliseconds, on a heap that is empty by then.</remarks>
internal sealed class MemoryTrim(Action collect)
{
    /// <summary>Streams that must have closed for it to be worth a pause. Ours: at some 6 KiB each, 3 MiB.</summary>
    public const int Crowd = 500;

    /// <summary>Beats between two collections at least. Ours: whoever lets crowds come and go all day costs others half a percent, not more.</summary>
    public const int Rest = 10;

    private bool _due = true; // Reading a long configuration leaves tens of megabytes behind.
    private int _most;
    private int _before;
    private int _rested = Rest;

    /// <summary>The collector's strongest means: compacts, and hands everything that is free to the kernel.</summary>
    public static MemoryTrim OfThisProcess() =>
        new(static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    /// <param name="openStreams">How many streams are open now.</param>
    public void OnBeat(int openStreams)
    {
        bool settled = openStreams == _before;
        _before = openStreams;
        _most = Math.Max(_most, openStreams);
        _due |= _most - openStreams >= Crowd;
        _rested = Math.Min(_rested + 1, Rest);
        if (!settled || !_due || _rested < Rest) return;
        _due = false;
        _rested = 0;
        _most = openStreams;
        collect();
    }
}
