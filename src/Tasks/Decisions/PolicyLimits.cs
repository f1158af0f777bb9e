namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>How much policy there may be. Ours; Cedar's own bounds hold besides.</summary>
public static class PolicyLimits
{
    /// <summary>Sources. 256.</summary>
    public const int MaxSources = 256;

    /// <summary>Characters of one source. 1 Mi.</summary>
    public const int MaxSourceLength = 1024 * 1024;
}
