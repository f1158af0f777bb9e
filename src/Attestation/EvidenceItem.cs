using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation;

/// <summary>A selector and where it was read.</summary>
/// <param name="Selector">What was found.</param>
/// <param name="Source">Where, such as <c>SO_PEERCRED</c> or <c>/proc/PID/exe</c>; for people.</param>
public sealed record EvidenceItem(Selector Selector, string Source);
