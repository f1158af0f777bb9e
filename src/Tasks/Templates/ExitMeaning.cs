namespace Spiffe.Agent.Tasks.Templates;

/// <summary>What it means when the work ends without CompleteTask or FailTask.</summary>
public enum ExitMeaning
{
    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It is complete when the process is known to have exited with 0; otherwise it failed.</summary>
    ByStatus,

    /// <summary>It is complete.</summary>
    Completed,
}
