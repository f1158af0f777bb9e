namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>How much policy there may be, and how much it may be asked. Ours; Cedar's own bounds hold besides.</summary>
public static class PolicyLimits
{
    /// <summary>Sources. 256.</summary>
    public const int MaxSources = 256;

    /// <summary>Characters of one source. 1 Mi.</summary>
    public const int MaxSourceLength = 1024 * 1024;

    /// <summary>Bytes of one question, as canonical JSON: what a record's body holds. A question that cannot be recorded is answered with no. 65,535.</summary>
    public const int MaxQuestionLength = 65_535;
}
