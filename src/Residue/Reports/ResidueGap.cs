namespace Spiffe.Agent.Residue.Reports;

/// <summary>Something that was to be looked at and was not.</summary>
/// <param name="Place">What kind of place.</param>
/// <param name="Path">Which.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Detail">More on that, for people; may be empty.</param>
public sealed record ResidueGap(PlaceKind Place, string Path, GapReason Reason, string Detail);
