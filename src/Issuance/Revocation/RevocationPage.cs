using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What a reader of the feed gets at once.</summary>
/// <param name="IsReset">Whether the reader forgets what it knew and begins with <paramref name="Standing"/>: its cursor was of another run, older than what is kept, or made up.</param>
/// <param name="Standing">With a reset: every credential that is suspended or revoked and may not have expired yet, before <paramref name="Events"/>.</param>
/// <param name="Events">What happened since, in order and without gaps.</param>
/// <param name="Next">Where to go on.</param>
public sealed record RevocationPage(bool IsReset, ImmutableArray<RevokedCredential> Standing, ImmutableArray<RevocationEvent> Events, RevocationCursor Next)
{
    /// <summary>Whether there is nothing in it to send.</summary>
    public bool IsEmpty => !IsReset && Events.IsEmpty;
}
