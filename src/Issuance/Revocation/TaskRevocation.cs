namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>How far the credentials of one task are revoked.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="ThroughGeneration">Credentials of this generation and of those before it die, and none of them is minted any more.</param>
/// <param name="Ends">Whether the task is over: then all generations die, whatever <paramref name="ThroughGeneration"/> says, and none follows.</param>
public readonly record struct TaskRevocation(string TaskId, int ThroughGeneration, bool Ends);
