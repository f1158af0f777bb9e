namespace Spiffe.Agent.Attestation.Scheduling;

/// <summary>For whom work is done: whose turn it uses up.</summary>
/// <param name="UserId">The user at connect time.</param>
/// <param name="ProcessId">One of his processes.</param>
internal readonly record struct Beneficiary(uint UserId, int ProcessId);
