using System.Globalization;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation;

// For operators who look at one process.
public sealed partial class WorkloadAttestor
{
    private const double TicksPerSecond = 100; // USER_HZ, in which the kernel writes start times.
    private const int MaxLink = 4096;

    private CgroupReader? _viewer;

    /// <summary>Looks at a process without attesting it. Never throws for what a process can bring about.</summary>
    public ProcessView View(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return new ProcessView(peer.UserId, peer.GroupId, StartedAt(peer.StartTime), ExecutableOf(peer), ReadCgroup(peer));
    }

    /// <summary>Where a process lives now, by the same rules as its evidence.</summary>
    public CgroupReading ReadCgroup(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return (_viewer ??= new CgroupReader(_options.Cgroups)).Read(peer);
    }

    private DateTimeOffset? StartedAt(ulong ticks)
    {
        string uptime = File.ReadAllText("/proc/uptime").Split(' ')[0];
        if (!double.TryParse(uptime, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)) return null;
        double age = seconds - (ticks / TicksPerSecond);
        return double.IsFinite(age) && age < seconds + 1 ? _clock.GetUtcNow() - TimeSpan.FromSeconds(Math.Max(0, age)) : null;
    }

    /// <summary>What a process runs, as its own mounts name it: a label, no evidence. Null where that cannot be read or shown.</summary>
    public static string? ExecutableOf(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        Span<byte> link = stackalloc byte[MaxLink];
        int length = peer.Directory.ReadExecutableLink(link);
        return length is > 0 and < MaxLink ? SelectorText.From(link[..length]) : null;
    }
}
