using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>Vouches for one type of selector.</summary>
public interface IAttestor
{
    /// <summary>The type of its selectors, such as <c>unix</c>.</summary>
    string Type { get; }

    /// <summary>Whether its evidence is the kernel's alone. Others ask services, and only when an entry might still match: see <see cref="WorkloadAttestor"/>.</summary>
    bool IsLocal => false;

    /// <summary>Whether it is certain, from the kernel alone and at once, that this process is none of its business: then <see cref="AttestAsync"/> asks no service.
    /// Who always answers false is right, and waits its turn even where it has nothing to ask.</summary>
    bool IsSureToAskNobody(PeerProcess peer) => false;

    /// <summary>Reads the evidence that <paramref name="needed"/> asks for. Whether the process still lives is checked by the caller, afterwards.</summary>
    /// <remarks>Refusals are values; an exception counts as a failed attestor. The token fires at the attestor's deadline.</remarks>
    ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken);
}
