namespace Spiffe.Agent.Tasks.Templates;

/// <summary>What happens when an action leaves the declared intent or its boundary.</summary>
public enum ViolationResponse
{
    /// <summary>It is denied and the task suspended.</summary>
    Suspend,

    /// <summary>It is denied.</summary>
    Deny,

    /// <summary>It is denied and the task revoked.</summary>
    Revoke,
}
