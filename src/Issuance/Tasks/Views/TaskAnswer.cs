using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>A task as it is after what was asked, or why nothing was done.</summary>
/// <param name="Task">Null when refused, but for a task that exists and waits.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="Detail">For the caller: about its own request only.</param>
/// <param name="Caller">Why the caller itself was refused.</param>
public readonly record struct TaskAnswer(TaskView? Task, TaskRefusal Refusal, string Detail, Issuance.Refusal Caller)
{
    /// <summary>What policies said, where it was they who refused.</summary>
    internal TaskDecision? Decision { get; init; }

    internal static TaskAnswer Of(TaskView task) => new(task, TaskRefusal.None, "", Issuance.Refusal.None);

    internal static TaskAnswer Refused(TaskRefusal refusal, string detail = "") => new(null, refusal, detail, Issuance.Refusal.None);

    internal static TaskAnswer RefusedCaller(Refusal refusal) => new(null, TaskRefusal.Caller, "", refusal);
}
