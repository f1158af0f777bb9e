namespace Spiffe.Agent.Replay;

/// <summary>Decisions in a log.</summary>
/// <param name="All">How many there are.</param>
/// <param name="TakenAgain">Of which the question is there, and the policies of that time were asked once more.</param>
/// <param name="Erased">Of which the question is not there: it was erased, or bodies are not at hand.</param>
/// <param name="UnknownPolicies">Of which the log does not have the policies.</param>
public readonly record struct DecisionCounts(long All, long TakenAgain, long Erased, long UnknownPolicies);
