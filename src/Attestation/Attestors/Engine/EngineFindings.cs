namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Findings that need no engine.</summary>
internal static class EngineFindings
{
    /// <summary>No selectors, and why.</summary>
    internal static ValueTask<AttestorFindings> Refuse(string type, EvidenceRefusal reason, string detail) =>
        new(new AttestorFindings([], [new RefusedEvidence(type, "", reason, detail)]));
}
