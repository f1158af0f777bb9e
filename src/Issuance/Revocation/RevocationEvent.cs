using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>One step of revocation: everything in it became visible in one moment, a subtree of tasks as well as a single token.</summary>
/// <param name="Sequence">Its number in this run of the daemon: 1, 2, 3 and so on, without gaps.</param>
/// <param name="At">When, by the wall clock.</param>
/// <param name="Reason">Why.</param>
/// <param name="Tasks">The tasks; empty when single credentials were named. A task that held nothing is told of all the same.</param>
/// <param name="Credentials">What died, or went from suspended to revoked.</param>
public sealed record RevocationEvent(
    long Sequence, DateTimeOffset At, RevocationReason Reason, ImmutableArray<TaskRevocation> Tasks, ImmutableArray<RevokedCredential> Credentials);
