using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Residue;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>A task that is over and still to be looked behind.</summary>
internal sealed class OffboardingJob
{
    private int _claimed;

    public required LiveTask Task { get; init; }

    /// <summary>The identity of its last generation, whose keys must be gone; null: it had none.</summary>
    public required TaskEntitlement? Identity { get; init; }

    public required EndedTask Ended { get; init; }

    public required ResiduePlan Plan { get; init; }

    public required ResidueSubject Subject { get; init; }

    public required IReadOnlyList<CredentialPrint> Prints { get; init; }

    /// <summary>Credentials that were issued and of which no print is there.</summary>
    public required int NotPrinted { get; init; }

    /// <summary>Whether the caller is the one who says how it went: exactly one is.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}
