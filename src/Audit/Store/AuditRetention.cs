namespace Spiffe.Agent.Audit.Store;

/// <summary>How long entries and bodies are kept. Their hashes are kept forever, 32 bytes for each, so that receipts and older heads can still be checked.</summary>
public sealed class AuditRetention
{
    /// <summary>Most bytes of entries and bodies; null: no limit. The newest <see cref="MinEntries"/> stay whatever their size.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Oldest entry; null: no limit.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Entries that are never removed. Ours: what is opened again begins with the newest.</summary>
    public const int MinEntries = 256;
}
