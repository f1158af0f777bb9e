using Spiffe.Agent.Replay.Findings;

namespace Spiffe.Agent.Replay.Decisions;

/// <summary>What is wrong with a decision.</summary>
internal readonly record struct DecisionFault(ReplayRule Rule, string Message);
