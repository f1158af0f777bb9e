using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>What is tested of a task that is over.</summary>
/// <param name="TaskId">Which.</param>
/// <param name="Sequence">The event that ended it.</param>
/// <param name="Credentials">Those that had not expired then.</param>
internal sealed record EndedTask(string TaskId, long Sequence, ImmutableArray<RevokedCredential> Credentials);
