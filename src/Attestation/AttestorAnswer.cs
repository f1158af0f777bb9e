namespace Spiffe.Agent.Attestation;

/// <summary>What came of asking one attestor.</summary>
/// <param name="Type">Its type of selector.</param>
/// <param name="Findings">What it found; null when it failed.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Detail">For logs.</param>
internal readonly record struct AttestorAnswer(string Type, AttestorFindings? Findings, EvidenceRefusal Reason, string Detail);
