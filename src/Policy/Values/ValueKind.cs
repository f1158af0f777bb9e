namespace Spiffe.Agent.Policy.Values;

/// <summary>The types that a Cedar value may have. Cedar docs, "Data types".</summary>
public enum ValueKind
{
    Boolean,
    Long,
    String,
    Entity,
    Set,
    Record,
    Decimal,
    IpAddress,
    Datetime,
    Duration,

    /// <summary>No value: an evaluation failed. It never leaves the engine as a value.</summary>
    Failure,
}
