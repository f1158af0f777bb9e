using System.Runtime.InteropServices;

namespace Spiffe.Agent.Platform.Time;

/// <summary>The system's time, with timestamps of a clock that counts the time asleep (CLOCK_BOOTTIME, clock_gettime(2)): a lease does not live longer because the lid was closed.</summary>
/// <remarks>Timers stand still while the machine sleeps. What is due by timestamps is found with the first beat after it.</remarks>
public sealed partial class BootTime : TimeProvider
{
    private const int ClockBootTime = 7; // linux/time.h
    private const long NanosecondsPerSecond = 1_000_000_000;

    private BootTime()
    {
    }

    /// <summary>The one of this machine.</summary>
    public static BootTime Instance { get; } = new();

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp()
    {
        _ = clock_gettime(ClockBootTime, out TimeSpec now); // Cannot fail: the clock is as old as Linux 2.6.39.
        return (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
