namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>What may happen next.</summary>
internal enum Step
{
    Start,
    StartWorker,
    StartAsked,
    Spawn,
    Authorize,
    Project,
    Verify,
    Consume,
    Renew,
    Suspend,
    Resume,
    Narrow,
    Approve,
    Deny,
    Reload,
    Complete,
    Fail,
    Revoke,
    EndWhere,
    Contain,
    HoldDown,
    LetGoOn,
    KillWorker,
    Pass,
}
