namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>What a worker hears before a privileged step.</summary>
public enum ActionOutcome
{
    /// <summary>It may, once, with the token.</summary>
    Permit = 1,

    /// <summary>It may not.</summary>
    Deny,

    /// <summary>Somebody must agree first.</summary>
    NeedsApproval,

    /// <summary>It is not what was declared: declare it first.</summary>
    NeedsIntentUpdate,
}
