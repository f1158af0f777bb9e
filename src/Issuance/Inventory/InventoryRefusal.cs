namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>Why a snapshot is not signed.</summary>
public enum InventoryRefusal
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>No log is kept, so there is no key.</summary>
    NoLog,

    /// <summary>It cannot be written down that it was signed, or the key cannot sign.</summary>
    NotRecorded,
}
