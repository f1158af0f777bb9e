namespace Spiffe.Agent.Replay.Records;

/// <summary>Kinds of entries, as far as rules speak of them.</summary>
internal enum RecordKind
{
    Other,
    DaemonStarted,
    DaemonStopped,
    PolicySource,
    PoliciesLoaded,
    TemplateLoaded,
    ConfigurationLoaded,
    SvidIssued,
    ClockAnomaly,
    LogGap,

    /// <summary>The first of those that are of a task.</summary>
    Refused,
    Started,
    Declared,
    Approved,
    Denied,
    Issued,
    Permitted,
    Withheld,
    Used,
    Misused,
    Renewed,
    Reevaluated,
    IntentChanged,
    Narrowed,
    Suspended,
    Resumed,
    Revoked,
    Ended,
    Contained,
    Offboarded,
}
