namespace Spiffe.Agent.Audit.Store;

/// <summary>How much an audit log holds in memory, and how often it does what is not urgent. All of them are ours.</summary>
public sealed class AuditStoreLimits
{
    /// <summary>Records that have a place and are not safe yet, from which on nothing that gives rights gets one. At 20,000 a second, some three seconds' worth.</summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>Likewise in bytes.</summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    /// <summary>Records that have a place and are not safe yet, from which on even owed ones are only counted; in bytes twice <see cref="MaxWaitingBytes"/>.</summary>
    public int MaxOwed { get; init; } = 131_072;

    /// <summary>Records that are made safe together.</summary>
    public int MaxGroup { get; init; } = 4_096;

    /// <summary>Likewise in bytes: the first record of a group may go beyond it.</summary>
    public int MaxGroupBytes { get; init; } = 4 << 20;

    /// <summary>Bytes that are safe in the journal and not yet in tiles, from which on committing waits for publishing.</summary>
    public long MaxUnpublishedBytes { get; init; } = 64L << 20;

    /// <summary>Room that is kept on the disk for what must be written when there is no other, in bytes. 0: none.</summary>
    public long ReserveBytes { get; init; } = 4L << 20;

    /// <summary>How often is published, and how often is tried again what failed.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long partial tiles stay behind the full one: as long as somebody may read by an older checkpoint.</summary>
    public TimeSpan PartialTilesStay { get; init; } = TimeSpan.FromMinutes(1);
}
