using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>Something that happened to a task.</summary>
/// <param name="Sequence">1, 2, 3 and so on for each task.</param>
/// <param name="At">By the wall clock.</param>
/// <param name="Kind">started, approved, narrowed, suspended, resumed, renewed, used, denied, ended and so on.</param>
/// <param name="State">The task's state behind it.</param>
/// <param name="Generation">Its generation behind it.</param>
/// <param name="Detail">For people.</param>
/// <param name="Task">Which task.</param>
/// <param name="Correlation">The root's id.</param>
/// <param name="DecisionId">The decision behind it; empty when there was none.</param>
public sealed record TaskEvent(
    long Sequence, DateTimeOffset At, string Kind, TaskState State, int Generation, string Detail, TaskId Task, TaskId Correlation, string DecisionId);
