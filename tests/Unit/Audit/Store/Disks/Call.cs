namespace Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

/// <summary>What is asked of a disk.</summary>
internal enum Call
{
    Create,
    Open,
    Write,
    Sync,
    Truncate,
    Rename,
    Delete,
    SyncDirectory,

    /// <summary>Not of the disk: somebody was told that so much is safe.</summary>
    Acknowledge,
}
