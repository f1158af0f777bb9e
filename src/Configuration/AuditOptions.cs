namespace Spiffe.Agent.Configuration;

/// <summary><c>audit</c>: where it is written down what happens, before it takes effect.</summary>
public sealed class AuditOptions
{
    /// <summary><c>dir</c>: the log's directory, absolute. It is made when it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary><c>origin</c>: the name of a log that is made now; null: after the trust domain and the host. A log that exists keeps its name.</summary>
    public string? Origin { get; init; }

    /// <summary><c>witnesses</c>: a policy (C2SP tlog-policy) that names witnesses with their URLs, absolute; null: no witness is asked.</summary>
    public string? Witnesses { get; init; }

    /// <summary><c>key_age</c>: how long one key signs; then another does, and the old one is destroyed. Null: it stays.</summary>
    public TimeSpan? KeyAge { get; init; }

    /// <summary><c>keep.size</c>, in bytes: entries beyond it, the oldest first, are not kept; null: all are.</summary>
    public long? KeepBytes { get; init; }

    /// <summary><c>keep.age</c>: older entries are not kept; null: all are.</summary>
    public TimeSpan? KeepAge { get; init; }
}
