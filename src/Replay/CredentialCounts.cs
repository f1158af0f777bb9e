namespace Spiffe.Agent.Replay;

/// <summary>Credentials in a log.</summary>
/// <param name="OfTasks">Issued to tasks.</param>
/// <param name="Revoked">Of those, revoked or spent before they expired.</param>
/// <param name="Expired">Of those, expired by the end of the log without that.</param>
/// <param name="OfEntries">SVIDs that entries granted.</param>
public readonly record struct CredentialCounts(long OfTasks, long Revoked, long Expired, long OfEntries);
