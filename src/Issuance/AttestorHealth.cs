namespace Spiffe.Agent.Issuance;

/// <summary>How one attestor has done since the start, as operators see it.</summary>
/// <param name="Type">The type of its selectors.</param>
/// <param name="Asked">Times that it was asked about a process.</param>
/// <param name="Failed">Times that it gave no answer.</param>
/// <param name="LastFailure">What was wrong the last time; empty when it has never failed. Holds no secret.</param>
/// <param name="LastFailureAt">When that was.</param>
public sealed record AttestorHealth(string Type, long Asked, long Failed, string LastFailure, DateTimeOffset? LastFailureAt);
