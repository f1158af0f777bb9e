namespace Spiffe.Agent.Replay;

/// <summary>How a log is read again.</summary>
public sealed record ReplayOptions
{
    /// <summary>The questions that were asked of policies; null: none is at hand. Then decisions are held to what the entries say, and not taken again.</summary>
    public BodyOf? Bodies { get; init; }

    /// <summary>Threads that take decisions again, the caller's among them.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Violations, and remarks, that are kept; all are counted. 1,000 each.</summary>
    public int MaxFindings { get; init; } = 1_000;
}
