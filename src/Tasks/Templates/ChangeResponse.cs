namespace Spiffe.Agent.Tasks.Templates;

/// <summary>What happens when the bound process is no longer what it was: another program, another user, another cgroup.</summary>
public enum ChangeResponse
{
    /// <summary>The task is suspended; resuming attests and decides anew.</summary>
    Suspend,

    /// <summary>It is attested and decided anew at once; suspended when that does not come out the same or narrower.</summary>
    Reattest,

    /// <summary>It is revoked.</summary>
    Revoke,
}
