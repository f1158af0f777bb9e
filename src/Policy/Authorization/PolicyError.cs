using Spiffe.Agent.Policy.Evaluation;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>A policy that failed on a request, and was skipped.</summary>
/// <param name="PolicyId">Which.</param>
/// <param name="Error">Why.</param>
public sealed record PolicyError(string PolicyId, EvaluationError Error);
