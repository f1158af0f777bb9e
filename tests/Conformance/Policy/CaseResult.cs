namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>How many checks a case held, and what it got wrong.</summary>
/// <param name="Checks">Requests that were decided.</param>
/// <param name="Failures">What differed from what the case says.</param>
internal sealed record CaseResult(int Checks, IReadOnlyList<string> Failures);
