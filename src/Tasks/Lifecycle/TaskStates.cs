namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>What a state means.</summary>
public static class TaskStates
{
    /// <summary>Every state, in order.</summary>
    public static IReadOnlyList<TaskState> All { get; } = Enum.GetValues<TaskState>();

    /// <summary>Whether it is final: nothing leads out of it.</summary>
    public static bool IsTerminal(this TaskState state) => state >= TaskState.Completed;

    /// <summary>Whether credentials may exist in it: in <see cref="TaskState.Active"/> alone.</summary>
    public static bool HasCredentials(this TaskState state) => state == TaskState.Active;

    /// <summary>The name on the wire, in records and for people: <c>PENDING_APPROVAL</c>.</summary>
    public static string NameOf(this TaskState state) => state switch
    {
        TaskState.PendingApproval => "PENDING_APPROVAL",
        TaskState.Active => "ACTIVE",
        TaskState.Suspended => "SUSPENDED",
        TaskState.Completed => "COMPLETED",
        TaskState.Failed => "FAILED",
        TaskState.Expired => "EXPIRED",
        TaskState.Revoked => "REVOKED",
        _ => "DENIED",
    };
}
