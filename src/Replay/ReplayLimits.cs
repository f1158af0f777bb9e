namespace Spiffe.Agent.Replay;

/// <summary>How much of a log is in memory at once, and how far apart what is written at one time may be. All ours.</summary>
public static class ReplayLimits
{
    /// <summary>Tasks that are live, or whose credentials have not expired. 262,144: sixteen times what one daemon has open.</summary>
    public const int MaxTasks = 256 * 1024;

    /// <summary>Tasks above one another. 64: more than any template allows.</summary>
    public const int MaxDepth = 64;

    /// <summary>Ids of tasks that are over, to know them again. 1,048,576, some 40 MiB; of older ones it is not known whether an id comes a second time.</summary>
    public const int MaxEndedIds = 1024 * 1024;

    /// <summary>Credentials that have not expired. 1,048,576: four times what one daemon's ledger holds.</summary>
    public const int MaxCredentials = 1024 * 1024;

    /// <summary>Credentials of one task that were revoked before they were written down. 1,024.</summary>
    public const int MaxDeadEarly = 1_024;

    /// <summary>Sets of policies that are kept compiled. 8: reloads go back and forth between few.</summary>
    public const int MaxPolicySets = 8;

    /// <summary>Characters of policies that are being put together. 64 Mi.</summary>
    public const int MaxPolicyText = 64 * 1024 * 1024;

    /// <summary>Templates of one configuration. 4,096.</summary>
    public const int MaxTemplates = 4_096;

    /// <summary>Grants that are kept parsed: tasks of one template mostly have the same. 1,024.</summary>
    public const int MaxParsedGrants = 1_024;

    /// <summary>Decisions that wait to be taken again, all at once and on all processors. 2,048: some MiB of questions.</summary>
    public const int MaxWaitingDecisions = 2_048;

    /// <summary>How far an entry may be from before the one before it. 5 s: times are taken before places, by whoever holds no common lock.</summary>
    public static readonly TimeSpan TimeLeeway = TimeSpan.FromSeconds(5);

    /// <summary>How long the daemon may take to see that a clock was set, and to write it down. 10 s, where it looks every second.</summary>
    public static readonly TimeSpan ClockNoticed = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How far behind a deadline an expiry may seem to lie. Deadlines are kept by uptime and written down by the wall clock, and credentials end at whole seconds: one second for that, and a step of less than
    /// two counts as no set clock. 4 s; a thousandth of the time since the start comes on top, twice what adjtimex(2) slews by.
    /// </summary>
    public static readonly TimeSpan DeadlineLeeway = TimeSpan.FromSeconds(4);

    /// <summary>How far behind its expiry a credential may be used: validators allow for clocks that differ. 2 min; the daemon's own allow one by default.</summary>
    public static readonly TimeSpan UseLeeway = TimeSpan.FromMinutes(2);

    /// <summary>How far apart a decision, what is done by it, and the loading of the policies that took it may be. 1 min: what was on its way when they were read anew.</summary>
    public static readonly TimeSpan DecisionLeeway = TimeSpan.FromMinutes(1);

    /// <summary>How long a credential or an ended task is remembered behind its expiry. 10 min: what is shown then is still known.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    /// <summary>Longest life of an SVID that an entry grants. 400 days.</summary>
    public static readonly TimeSpan LongestSvid = TimeSpan.FromDays(400);
}
