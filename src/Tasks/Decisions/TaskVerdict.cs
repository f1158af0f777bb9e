namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>What policies say.</summary>
public enum TaskVerdict
{
    /// <summary>No: nothing permits it, something forbids it, or a forbid could not be evaluated.</summary>
    Deny,

    /// <summary>Yes, once a person agrees.</summary>
    NeedsApproval,

    /// <summary>Yes.</summary>
    Permit,
}
