namespace Spiffe.Agent.Attestation;

/// <summary>A kind of selector that was asked for and not given, because its evidence was missing or could not be believed.</summary>
/// <param name="Type">The selector's type, such as <c>unix</c>.</param>
/// <param name="Key">The selector's key, such as <c>path</c>; empty for all of the type.</param>
/// <param name="Reason">The proof that was missing.</param>
/// <param name="Detail">For logs and <c>explain</c>.</param>
public sealed record RefusedEvidence(string Type, string Key, EvidenceRefusal Reason, string Detail);
