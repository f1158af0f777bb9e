using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>The daemon's own log, for the inventory.</summary>
public sealed class AuditInventoryLog(AuditStore store) : IInventoryLog
{
    public LogState State => Of(store.Health);

    public byte[]? Sign(ReadOnlySpan<byte> text)
    {
        try
        {
            return store.Sign(InventoryStatement.Kind, text).ToArray();
        }
        catch (ObjectDisposedException)
        {
            return null; // The daemon stops.
        }
    }

    private static LogState Of(AuditHealth health) => new(health.Origin, health.Size, health.Published, health.Waiting, health.Lost, health.Fault);
}
