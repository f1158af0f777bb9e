using System.Text;
using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>The daemon's own log, for receipts.</summary>
public static class AuditReceiptSigner
{
    /// <summary>Signs with that log's key.</summary>
    public static ReceiptSigner Of(AuditStore store) => receipt =>
    {
        try
        {
            return Encoding.UTF8.GetString(store.Sign(ReceiptNote.Kind, [.. receipt, (byte)'\n']).ToArray());
        }
        catch (ObjectDisposedException)
        {
            return null; // The daemon stops.
        }
    };
}
