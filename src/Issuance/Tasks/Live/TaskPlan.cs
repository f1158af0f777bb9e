using Spiffe.Agent.Attestation;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>Everything that is known of a task before it is decided.</summary>
internal sealed record TaskPlan
{
    public required TaskRules Rules { get; init; }

    public required TaskTemplate Template { get; init; }

    public required LiveTask? Parent { get; init; }

    public required StartTask Request { get; init; }

    public required AuthorizationDetails Requested { get; init; }

    public required TaskBinding Binding { get; init; }

    public required Caller Caller { get; init; }

    public required AttestationResult.Attested Attested { get; init; }

    public required DelegatedSubject? Subject { get; init; }

    /// <summary>The caller's own, PKIX DER; empty: keys are made here.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    public required bool IsAutomatic { get; init; }
}
