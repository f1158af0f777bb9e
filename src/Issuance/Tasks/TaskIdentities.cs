using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>The identities of the tasks that one caller does now. Equal when they are the same identities: a task that was resumed or narrowed has another.</summary>
internal sealed class TaskIdentities : IEquatable<TaskIdentities>
{
    private readonly ImmutableArray<TaskEntitlement> _tasks;

    public TaskIdentities(ImmutableArray<TaskEntitlement> tasks) => _tasks = tasks;

    public static TaskIdentities None { get; } = new([]);

    /// <summary>Whether all of them still are what they were.</summary>
    public bool IsLive => _tasks.All(static task => task.IsLive);

    /// <summary>Together with what entries give: tasks come behind, unless their template says that they are the default identity.</summary>
    public ImmutableArray<Entitlement> Join(ImmutableArray<Entitlement> entries) => _tasks.IsEmpty
        ? entries
        : [.. _tasks.Where(task => task.IsDefault), .. entries, .. _tasks.Where(task => !task.IsDefault)];

    public bool Equals(TaskIdentities? other) => other is not null && (ReferenceEquals(this, other) || _tasks.AsSpan().SequenceEqual(other._tasks.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as TaskIdentities);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (TaskEntitlement task in _tasks) hash.Add(task);
        return hash.ToHashCode();
    }
}
