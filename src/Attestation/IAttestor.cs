using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>Vouches for one type of selector.</summary>
public interface IAttestor
{
    /// <summary>The type of its selectors, such as <c>unix</c>.</summary>
    string Type { get; }

    /// <summary>Reads the evidence that <paramref name="needed"/> asks for. Whether the process still lives is checked by the caller, afterwards.</summary>
    /// <remarks>Refusals are values; an exception counts as a failed attestor. The token fires at the attestor's deadline.</remarks>
    ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken);
}
