namespace Spiffe.Agent.Replay;

/// <summary>How a log is read again.</summary>
public sealed record ReplayOptions
{
    /// <summary>Whether decisions whose question is kept are taken again: the most of the work, where there is any. Otherwise they are held to what the entries say.</summary>
    public bool DecideAgain { get; init; } = true;

    /// <summary>Threads that take decisions again, the caller's among them.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Violations, and remarks, that are kept; all are counted. 1,000 each.</summary>
    public int MaxFindings { get; init; } = 1_000;
}
