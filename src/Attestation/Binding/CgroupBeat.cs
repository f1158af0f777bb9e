using System.Collections.Concurrent;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Looks at all held cgroups of v1, which tell nobody that they have emptied. One beat for all; none while there are none.</summary>
internal static class CgroupBeat
{
    /// <summary>Cgroups looked at. Ours: a look takes some 20 µs, so that all of them take a tenth of an <see cref="Interval"/>.</summary>
    internal const int MaxHeld = 1024;

    /// <summary>Between two looks. Ours: how long what is tied to an emptied cgroup may outlive it on v1.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private static readonly ConcurrentDictionary<CgroupHold, byte> Held = new();
    private static readonly Lock Gate = new(); // Guards the timer, and that it runs whenever something is held.
    private static ITimer? _timer;
    private static int _looking;

    /// <summary>Begins to look; false when as many are looked at as may be.</summary>
    internal static bool TryAdd(CgroupHold hold)
    {
        lock (Gate)
        {
            if (Held.Count >= MaxHeld) return false;
            Held[hold] = 0;
            _timer ??= TimeProvider.System.CreateTimer(static _ => Look(), null, Interval, Interval);
        }

        return true;
    }

    internal static void Remove(CgroupHold hold)
    {
        if (!Held.TryRemove(hold, out _)) return;
        lock (Gate)
        {
            if (!Held.IsEmpty) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private static void Look()
    {
        if (Interlocked.Exchange(ref _looking, 1) != 0) return; // The last look still goes on.
        foreach ((CgroupHold hold, _) in Held)
        {
            if (hold.TryEnd()) Remove(hold);
        }

        Volatile.Write(ref _looking, 0);
    }
}
