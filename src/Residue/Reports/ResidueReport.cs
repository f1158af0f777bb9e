using System.Collections.Immutable;

namespace Spiffe.Agent.Residue.Reports;

/// <summary>What a search found, looked at and could not look at. Holds no secret.</summary>
public sealed record ResidueReport
{
    /// <summary>Most findings and gaps that are listed, of each; more are counted. Ours: a receipt fits into an entry of the log.</summary>
    public const int MaxListed = 32;

    /// <summary>Most places that are listed. Ours: all that a template can declare, and those that are not paths.</summary>
    public const int MaxPlaces = 72;

    public required ImmutableArray<ResidueFinding> Findings { get; init; }

    /// <summary>All of them, those that are not listed too.</summary>
    public required long FindingsInAll { get; init; }

    public required ImmutableArray<ResidueGap> Gaps { get; init; }

    public required long GapsInAll { get; init; }

    /// <summary>Where it was looked, in order.</summary>
    public required ImmutableArray<ResiduePlace> Places { get; init; }

    /// <summary>Credentials that were looked for.</summary>
    public required int Credentials { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    public ResidueVerdict Verdict => (FindingsInAll, GapsInAll) switch
    {
        ( > 0, _) => ResidueVerdict.ResidueFound,
        (_, > 0) => ResidueVerdict.Incomplete,
        _ => ResidueVerdict.Verified,
    };

    /// <summary>Of a search that was never begun, or never came to its end.</summary>
    /// <param name="credentials">How many were to be looked for.</param>
    /// <param name="reason">Why.</param>
    /// <param name="detail">More on that, for people.</param>
    public static ResidueReport NotDone(int credentials, GapReason reason, string detail) => new()
    {
        Findings = [],
        FindingsInAll = 0,
        Gaps = [new ResidueGap(PlaceKind.Path, "", reason, detail)],
        GapsInAll = 1,
        Places = [],
        Credentials = credentials,
        Took = TimeSpan.Zero,
    };
}
