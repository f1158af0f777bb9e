namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>One token's place among the status lists. No two living tokens share one.</summary>
/// <param name="List">The list's number, as in its address.</param>
/// <param name="Index">The place in it.</param>
public readonly record struct StatusIndex(long List, int Index);
