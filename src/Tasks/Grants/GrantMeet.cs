using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>What is granted of what was asked for: within the request and within every ceiling, always.</summary>
/// <param name="Effective">What may be done.</param>
/// <param name="Dropped">What was asked for and may not be done, in canonical order, ceiling by ceiling.</param>
public sealed record GrantMeet(AuthorizationDetails Effective, ImmutableArray<DroppedGrant> Dropped)
{
    /// <summary>
    /// What of a request is within every ceiling. Whoever wants the whole ceiling asks for <see cref="AuthorizationDetails.Everything"/>; an empty request asks for nothing and
    /// gets nothing. Where nothing sets a limit nothing is granted either: everything is no grant.
    /// </summary>
    public static GrantMeet Of(AuthorizationDetails requested, params ReadOnlySpan<GrantCeiling> ceilings)
    {
        ArgumentNullException.ThrowIfNull(requested);
        AuthorizationDetails effective = requested;
        ImmutableArray<DroppedGrant>.Builder dropped = ImmutableArray.CreateBuilder<DroppedGrant>();
        foreach (GrantCeiling ceiling in ceilings)
        {
            GrantMeet meet = new GrantMeeting(effective, ceiling).Run();
            effective = meet.Effective;
            dropped.AddRange(meet.Dropped);
        }

        return new GrantMeet(effective.IsEverything ? AuthorizationDetails.None : effective, dropped.ToImmutable());
    }
}
