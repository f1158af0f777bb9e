namespace Spiffe.Agent.Tasks.Grants;

/// <summary>How much harm the data could do, least first. The numbers are the ranks that policies compare.</summary>
public enum Sensitivity
{
    /// <summary>Anybody may see it. What counts where nothing is said.</summary>
    Public = 0,

    /// <summary>For the house.</summary>
    Internal = 1,

    /// <summary>For those who need it.</summary>
    Confidential = 2,

    /// <summary>For those who are named.</summary>
    Restricted = 3,
}
