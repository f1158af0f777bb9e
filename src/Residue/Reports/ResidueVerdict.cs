namespace Spiffe.Agent.Residue.Reports;

/// <summary>What came of a search.</summary>
public enum ResidueVerdict
{
    /// <summary>Everything that was declared was looked at, and nothing was found.</summary>
    Verified,

    /// <summary>Something was found, whether or not everything was looked at.</summary>
    ResidueFound,

    /// <summary>Nothing was found, and not everything was looked at: that proves nothing.</summary>
    Incomplete,
}
