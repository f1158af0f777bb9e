namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>What a path says, and which of its directories have to be whose for that to be true.</summary>
/// <remarks>Depths count segments: 0 is the root of the hierarchy, 1 its child. Who may write to a directory chooses the names in it, so a name is worth what the
/// directory above it is worth.</remarks>
internal sealed record Anchored(CgroupPlace Place)
{
    internal static Anchored Nowhere { get; } = new(CgroupPlace.Nowhere);

    /// <summary>Depth of the deepest directory whose name is evidence.</summary>
    internal int Depth { get; init; }

    /// <summary>Depth of <c>user@UID.service</c>, which is that user's from there on; 0 when the path leads through none.</summary>
    internal int ManagerDepth { get; init; }

    /// <summary>Whether the container lies in the very cgroup of a unit, which the unit's user may own (Delegate= with User=): then it says nothing.</summary>
    internal bool IsPayload { get; init; }

    /// <summary>Whether the path says nothing.</summary>
    internal bool IsNowhere => Depth == 0;
}
