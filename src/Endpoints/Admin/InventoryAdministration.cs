using Google.Protobuf;
using Spiffe.Agent.Endpoints.Tasks;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;
using Refusal = Spiffe.Agent.Issuance.Refusal;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>The inventory, on the admin socket: the very bytes that the log's key vouches for, so that nothing is translated between them and who reads them.</summary>
internal sealed class InventoryAdministration(Serving serving)
{
    /// <summary>Bytes of the document in one message. Ours: far below what any client takes.</summary>
    public const int MaxPiece = 256 * 1024;

    public async Task GetAsync(GetInventoryRequest request, IServerStreamWriter<InventoryPiece> stream, ServerCallContext context)
    {
        InventoryTaker inventory = (serving.Issuance ?? throw StatusMapping.ToException(Refusal.NotServing)).Inventory;
        Operator? signFor = request.Sign ? OperatorCaller.Of(context) : null;
        InventoryExport export = await inventory.ExportAsync(signFor, context.CancellationToken);
        if (export.Refusal != InventoryRefusal.None) throw new RpcException(Of(export.Refusal));
        for (ReadOnlyMemory<byte> rest = export.Document; !rest.IsEmpty; rest = rest[Math.Min(MaxPiece, rest.Length)..])
        {
            InventoryPiece piece = new() { Document = UnsafeByteOperations.UnsafeWrap(rest[..Math.Min(MaxPiece, rest.Length)]) };
            if (rest.Length <= MaxPiece) piece.Note = UnsafeByteOperations.UnsafeWrap(export.Note);
            await stream.WriteAsync(piece, context.CancellationToken);
        }
    }

    /// <summary>What of it stands in the daemon's status.</summary>
    public static void Describe(InventoryTaker inventory, GetStatusResponse status)
    {
        (status.Strangers, status.StrangersUnlisted) = inventory.Strangers;
        foreach (StandingException standing in inventory.Standing)
        {
            if (standing.IsOverdue) status.StandingOverdue++;
            else if (status.NextReview is null) (status.NextReview, status.NextReviewTemplate) = (TaskMessages.Moment(StandingEntries.EndOf(standing.ReviewBy)), standing.Template);
        }

        if (inventory.Log is not { } log) return;
        status.Log = new AuditLog { Origin = log.Origin, Size = log.Size, Published = log.Published, Waiting = log.Waiting, Lost = log.Lost, Fault = log.Fault };
    }

    private static Status Of(InventoryRefusal refusal) => refusal switch
    {
        InventoryRefusal.NoLog => new Status(StatusCode.FailedPrecondition, "no audit log is kept, so there is no key to sign with"),
        _ => new Status(StatusCode.Unavailable, "it cannot be recorded, so it is not signed"),
    };
}
