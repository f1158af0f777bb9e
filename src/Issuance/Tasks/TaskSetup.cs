using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Subjects;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>What the operator says of tasks, put together.</summary>
public sealed record TaskSetup
{
    public required TaskServiceOptions Options { get; init; }

    /// <summary>What decides at the start.</summary>
    public required TaskRules Rules { get; init; }

    /// <summary>Who checks on whose behalf.</summary>
    public required SubjectVerifier Subjects { get; init; }

    /// <summary>Who erases texts of the log; null: no log is kept.</summary>
    public TextEraser? Texts { get; init; }

    /// <summary>Where it is written down.</summary>
    public required IJournal Journal { get; init; }

    /// <summary>Whose key signs snapshots of the inventory; null: no log is kept, and none is signed.</summary>
    public IInventoryLog? Log { get; init; }

    /// <summary>Signs the receipts of tasks that are over, with the key of that log; null: nothing does.</summary>
    public ReceiptSigner? SignReceipt { get; init; }
}
