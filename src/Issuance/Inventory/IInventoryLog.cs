namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>What the inventory needs of the log: how it is doing, and its key under a snapshot.</summary>
public interface IInventoryLog
{
    LogState State { get; }

    /// <summary>The text with the log's signature under it: a C2SP signed note, under the log's name. Null: the key cannot sign now.</summary>
    /// <param name="text">Never one that could be read as a checkpoint.</param>
    byte[]? Sign(ReadOnlySpan<byte> text);
}
