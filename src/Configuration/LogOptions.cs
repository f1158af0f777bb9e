namespace Spiffe.Agent.Configuration;

/// <summary><c>log</c>: what is written to standard error, and how.</summary>
public sealed class LogOptions
{
    /// <summary><c>level</c>: the least that is written. <c>info</c> by default.</summary>
    public required LogThreshold Level { get; init; }

    /// <summary><c>format</c>: <c>text</c> for people by default, <c>json</c> for machines.</summary>
    public required LogFormat Format { get; init; }
}
