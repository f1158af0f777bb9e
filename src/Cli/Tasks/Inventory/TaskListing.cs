using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary>One answer to <c>task list</c>.</summary>
internal sealed class TaskListing : IEquatable<TaskListing>
{
    private readonly bool _isAlwaysNew;

    private TaskListing(IReadOnlyList<TaskSummary> tasks, bool isAlwaysNew) => (Tasks, _isAlwaysNew) = (tasks, isAlwaysNew);

    public IReadOnlyList<TaskSummary> Tasks { get; }

    /// <param name="tasks">The agent's answer.</param>
    /// <param name="states">Names of the states that are wanted; none: all.</param>
    /// <param name="isAlwaysNew">Whether the same tasks are news, since time passes.</param>
    public static TaskListing Of(IReadOnlyList<TaskSummary> tasks, IReadOnlyList<string> states, bool isAlwaysNew) =>
        new(states.Count == 0 ? tasks : [.. tasks.Where(t => states.Contains(TaskWords.Plain(t.State), StringComparer.Ordinal))], isAlwaysNew);

    public bool Equals(TaskListing? other) => other is not null && !_isAlwaysNew && Tasks.SequenceEqual(other.Tasks);

    public override bool Equals(object? obj) => Equals(obj as TaskListing);

    public override int GetHashCode() => Tasks.Count;
}
