using Spiffe.Agent.Tasks;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>A root task and all below it: one lock, so that what happens to one and follows for the others is one step, and counted uses are never in two hands.</summary>
internal sealed class TaskFamily(TaskId root)
{
    /// <summary>Guards the state of every task of the family.</summary>
    public Lock Gate { get; } = new();

    /// <summary>One name for everything that one root task causes.</summary>
    public TaskId Root => root;

    /// <summary>Tasks that the family has had, ended ones included; bounds what one root may begin.</summary>
    public int Size { get; set; } = 1;
}
