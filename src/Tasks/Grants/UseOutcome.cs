namespace Spiffe.Agent.Tasks.Grants;

/// <summary>What came of using a right.</summary>
public enum UseOutcome
{
    /// <summary>It may be used, and the use is counted.</summary>
    Counted,

    /// <summary>Every use is spent or handed on.</summary>
    Exhausted,

    /// <summary>It is a step whose turn has not come, or is over.</summary>
    OutOfOrder,

    /// <summary>Its end has passed.</summary>
    Expired,

    /// <summary>No detail grants it.</summary>
    NotGranted,
}
