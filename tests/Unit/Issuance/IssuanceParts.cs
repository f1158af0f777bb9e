using Spiffe.Agent.Attestation;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>What a test wants other than usual in <see cref="IssuanceBench"/>.</summary>
internal sealed record IssuanceParts
{
    /// <summary>Attestors beside the real one of <c>unix</c>.</summary>
    public IAttestor[] Services { get; init; } = [];

    /// <summary>Templates and policies; null: none.</summary>
    public TaskRules? Tasks { get; init; }

    public RevocationOptions Revocation { get; init; } = IssuanceBench.Revocation;

    public SubjectOptions Subjects { get; init; } = new();

    /// <summary>Whose key signs inventories; null: nobody's.</summary>
    public IInventoryLog? Log { get; init; }

    /// <summary>Signs receipts; null: nothing does.</summary>
    public ReceiptSigner? Sign { get; init; }

    public TaskServiceOptions Options { get; init; } = new() { TrustDomain = IssuanceBench.Domain };
}
