namespace Spiffe.Agent.Audit.Store;

/// <summary>What can be said of a log as it works.</summary>
public enum AuditStoreEventKind
{
    /// <summary>Something cannot be written: nothing that gives rights is accepted.</summary>
    Fault,

    /// <summary>Everything can be written again.</summary>
    Recovered,

    /// <summary>Another checkpoint covers what was written.</summary>
    Published,

    /// <summary>Old entries were removed.</summary>
    Cut,

    /// <summary>Another key signs.</summary>
    KeyChanged,
}
