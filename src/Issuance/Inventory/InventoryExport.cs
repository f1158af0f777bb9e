namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>A snapshot as it leaves the house.</summary>
/// <param name="Document">Canonical JSON (RFC 8785).</param>
/// <param name="Note">What the log's key says of it, a C2SP signed note; empty: it was not asked for, or was refused.</param>
/// <param name="Refusal">Why there is no note.</param>
public sealed record InventoryExport(ReadOnlyMemory<byte> Document, ReadOnlyMemory<byte> Note, InventoryRefusal Refusal);
