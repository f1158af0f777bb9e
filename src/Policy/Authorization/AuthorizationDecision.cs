using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>The answer to a request. Cedar docs, "Authorization".</summary>
/// <param name="IsAllowed">Whether a permit holds and no forbid does.</param>
/// <param name="Reasons">Ids of the policies that decided, in source order: the permits of an allow, the forbids of a deny; none where nothing permits.</param>
/// <param name="Errors">The policies that failed and were skipped, in source order.</param>
public sealed record AuthorizationDecision(bool IsAllowed, ImmutableArray<string> Reasons, ImmutableArray<PolicyError> Errors)
{
    /// <summary>Denied, since nothing permits it.</summary>
    public static AuthorizationDecision DeniedByDefault { get; } = new(false, [], []);
}
