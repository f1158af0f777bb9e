namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>What the inventory needs of the log: how it is doing, and its key under a snapshot.</summary>
public interface IInventoryLog
{
    LogState State { get; }

    /// <summary>A statement about an inventory, signed with the log's key under the log's name: a C2SP signed note. Null: the key cannot sign now.</summary>
    /// <param name="text">What is said, without the line that says of which kind it is.</param>
    byte[]? Sign(ReadOnlySpan<byte> text);
}
