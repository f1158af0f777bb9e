using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>Who a process is, or why that cannot be said: <see cref="Attested"/> or <see cref="Refused"/>.</summary>
public abstract record AttestationResult
{
    private AttestationResult()
    {
    }

    /// <summary>The evidence was read and afterwards the process was still the same.</summary>
    /// <param name="Selectors">What it is.</param>
    /// <param name="Evidence">Each selector with where it was read, in the order of reading.</param>
    /// <param name="RefusedEvidence">What was asked for and could not be believed.</param>
    public sealed record Attested(SelectorSet Selectors, IReadOnlyList<EvidenceItem> Evidence, IReadOnlyList<RefusedEvidence> RefusedEvidence) : AttestationResult
    {
        /// <summary>Types of selector whose attestor was asked and failed: the process may hold more of them than is known.</summary>
        public IReadOnlyList<string> FailedTypes { get; init; } = [];

        /// <summary>Types of selector that entries ask for by now and whose service was never asked about this live caller: it should be, when there is time.</summary>
        public IReadOnlyList<string> OwedTypes { get; init; } = [];
    }

    /// <summary>Nothing may be said of this peer; its connection should end.</summary>
    /// <param name="Reason">The proof that was missing.</param>
    /// <param name="Detail">For logs; never for the caller.</param>
    public sealed record Refused(PeerRefusal Reason, string Detail) : AttestationResult;
}
