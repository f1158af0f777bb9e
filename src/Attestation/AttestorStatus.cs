namespace Spiffe.Agent.Attestation;

/// <summary>How one attestor has done since the start, for operators.</summary>
/// <param name="Type">The type of its selectors.</param>
/// <param name="Asked">Times that it was asked about a process; what it remembered counts too.</param>
/// <param name="Failed">Times that it gave no answer.</param>
/// <param name="LastFailure">What was wrong the last time; empty when it has never failed. Holds no secret.</param>
/// <param name="LastFailureAt">When that was.</param>
public sealed record AttestorStatus(string Type, long Asked, long Failed, string LastFailure, DateTimeOffset? LastFailureAt);
