namespace Spiffe.Agent.Replay.Findings;

/// <summary>What a log is held to, and what is worth saying besides.</summary>
public enum ReplayRule
{
    /// <summary>A member that the rules need is missing, or is not what it must be.</summary>
    MalformedEntry,

    /// <summary>An entry is from before the one before it, and no clock was set.</summary>
    TimeWentBack,

    /// <summary>Something was given or decided while no daemon ran.</summary>
    NotRunning,

    /// <summary>Something happened to a task that never began.</summary>
    UnknownTask,

    /// <summary>A task began under an id that another had.</summary>
    TaskIdReused,

    /// <summary>Something happened to a task that was over.</summary>
    AfterEnd,

    /// <summary>The table of a task's life has no such step.</summary>
    WrongTransition,

    /// <summary>The entry says another state than the one that the task is in.</summary>
    WrongState,

    /// <summary>The entry says another generation: one was used twice, left out, or taken up again.</summary>
    WrongGeneration,

    /// <summary>Something was given to a task that was not at work.</summary>
    NotActive,

    /// <summary>A credential outlives its task, or a child its parent.</summary>
    BehindDeadline,

    /// <summary>A task began, went on or stayed at work under one that was not.</summary>
    ParentNotActive,

    /// <summary>A task went on although the one above it had ended or paused.</summary>
    LeftBehind,

    /// <summary>A task may do more than the one above it has left.</summary>
    NotWithinParent,

    /// <summary>A task may do more than its template allows.</summary>
    NotWithinTemplate,

    /// <summary>A task may do more than before.</summary>
    Widened,

    /// <summary>A credential that had not expired was not revoked with its task or its generation.</summary>
    NotRevoked,

    /// <summary>Two credentials have one serial number or token id.</summary>
    CredentialReused,

    /// <summary>A credential was used that was never issued.</summary>
    UnknownCredential,

    /// <summary>A credential was used after it was revoked or spent.</summary>
    DeadCredential,

    /// <summary>A credential was used after it expired, or was signed expired, or for longer than anybody would.</summary>
    WrongExpiry,

    /// <summary>An action was permitted that is not granted.</summary>
    NotGranted,

    /// <summary>A right was used more often than it may be.</summary>
    TooManyUses,

    /// <summary>A step was taken before its turn or after it.</summary>
    StepOutOfOrder,

    /// <summary>Something was given although policies did not permit it.</summary>
    NotPermitted,

    /// <summary>Something was given without the word of a person that it needed.</summary>
    NotApproved,

    /// <summary>Asked again, the policies of that time answer otherwise.</summary>
    DecidedOtherwise,

    /// <summary>The question that is kept is not the one whose digest stands in the log.</summary>
    QuestionChanged,

    /// <summary>What was asked is about another task, another act, another intent or another time than what was done.</summary>
    NotTheQuestion,

    /// <summary>The entry names another decision, or other policies, than the task rests on.</summary>
    WrongDecision,

    /// <summary>The texts of policies do not have the digest that decisions name, are not whole, or are no policies.</summary>
    PolicyChanged,

    /// <summary>It was decided by policies that were not loaded then.</summary>
    WrongPolicies,

    /// <summary>A task began by a template that was not loaded, or another owner's.</summary>
    UnknownTemplate,

    /// <summary>The intent is another than the one that was declared.</summary>
    WrongIntent,

    /// <summary>The daemon stopped and did not end a task.</summary>
    LiveAtStop,

    /// <summary>Remark: the daemon ended without a word, and with it what lived.</summary>
    Crashed,

    /// <summary>Remark: a task was over because the daemon was.</summary>
    CutShort,

    /// <summary>Remark: a task ended that never began: its start could not be written down.</summary>
    NeverBegan,

    /// <summary>Remark: a credential was written down as issued when it was dead already: it never counted.</summary>
    DeadOnArrival,

    /// <summary>Remark: entries were lost, and the log says so.</summary>
    Gap,

    /// <summary>Remark: the wall clock was set.</summary>
    ClockSet,

    /// <summary>Remark: the log ends in the middle of a step.</summary>
    Unfinished,

    /// <summary>Remark: there is more than is kept in memory, and something was not judged for that.</summary>
    TooMuch,
}
