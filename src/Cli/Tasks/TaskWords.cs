using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks;

/// <summary>What several verbs say of a task, in the same words.</summary>
internal static class TaskWords
{
    /// <summary>Characters of a task id that are shown where it need only be told from others. Ours: enough for the tasks of one node; more are shown where two begin alike.</summary>
    public const int ShortId = 8;

    /// <summary>As programs read it: <c>pending_approval</c>, <c>active</c>, … Stable.</summary>
    public static string Name(TaskState state) => state switch
    {
        TaskState.PendingApproval => "pending_approval",
        TaskState.Active => "active",
        TaskState.Suspended => "suspended",
        TaskState.Completed => "completed",
        TaskState.Failed => "failed",
        TaskState.Expired => "expired",
        TaskState.Revoked => "revoked",
        TaskState.Denied => "denied",
        _ => "unknown",
    };

    /// <summary>As people read it: why belongs to every state but the good ones.</summary>
    public static string Of(TaskState state, string cause) => cause.Length > 0 ? $"{Plain(state)}: {cause}" : Plain(state);

    /// <summary>The same with what came of looking behind it, where that is not what one expects.</summary>
    public static string Plain(TaskSummary task) => task.Offboarding is OffboardingOutcome.ResidueFound or OffboardingOutcome.Incomplete or OffboardingOutcome.StillAccepted
        ? $"{Plain(task.State)}, {Name(task.Offboarding).Replace('_', ' ')}"
        : Plain(task.State);

    /// <summary>As programs read it; empty: it is not over, or an older agent. Stable.</summary>
    public static string Name(OffboardingOutcome outcome) => outcome switch
    {
        OffboardingOutcome.Running => "running",
        OffboardingOutcome.Verified => "verified",
        OffboardingOutcome.ResidueFound => "residue_found",
        OffboardingOutcome.Incomplete => "incomplete",
        OffboardingOutcome.StillAccepted => "still_accepted",
        _ => "",
    };

    public static string Plain(TaskState state) => state is TaskState.PendingApproval ? "pending" : Name(state);

    /// <summary>Whether a task in it can still be or become active.</summary>
    public static bool IsLive(TaskState state) => state is TaskState.PendingApproval or TaskState.Active or TaskState.Suspended;

    /// <summary>The shortest beginning that tells all of the ids apart, at least <see cref="ShortId"/> characters.</summary>
    public static int ShortLength(IEnumerable<string> ids)
    {
        string[] all = [.. ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int length = ShortId;
        for (int i = 1; i < all.Length; i++) length = Math.Max(length, all[i - 1].AsSpan().CommonPrefixLength(all[i]) + 1);
        return length;
    }

    public static string Short(string id, int length) => id.Length > length ? id[..length] : id;

    /// <summary>When it ends by itself: its lease or its deadline, whichever comes first; null for none.</summary>
    public static DateTimeOffset? EndsAt(Timestamp? lease, Timestamp? deadline)
    {
        DateTimeOffset? first = lease?.ToDateTimeOffset();
        DateTimeOffset? second = deadline?.ToDateTimeOffset();
        return first is null || second < first ? second ?? first : first;
    }

    /// <summary>What is left of it: <c>29 minutes</c>; of an ended one, when that was.</summary>
    public static string Left(TaskSummary task, DateTimeOffset now)
    {
        if (!IsLive(task.State)) return task.EndedAt is { } ended ? $"ended {Moment.Distance(ended.ToDateTimeOffset(), now)}" : "";
        if (EndsAt(task.LeaseUntil, task.Deadline) is not { } end) return "";
        return end > now ? Moment.Words(end - now) : "over";
    }
}
