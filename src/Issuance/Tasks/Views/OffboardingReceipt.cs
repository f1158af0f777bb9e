using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>What was done at the end of a task.</summary>
/// <param name="Task">Which.</param>
/// <param name="State">How it ended.</param>
/// <param name="EndedAt">When.</param>
/// <param name="Cause">Why.</param>
/// <param name="Revoked">Serial numbers and token ids that had not expired and count no more.</param>
/// <param name="Subtasks">Tasks that ended with it.</param>
/// <param name="Rights">What it could do and what it did.</param>
public sealed record OffboardingReceipt(
    TaskId Task, TaskState State, DateTimeOffset EndedAt, string Cause, ImmutableArray<string> Revoked, ImmutableArray<TaskId> Subtasks, ImmutableArray<RightView> Rights)
{
    /// <summary>Whether anything of it remains, as far as that is known by now.</summary>
    public OffboardingCheck Check { get; init; } = Offboarder.Pending;
}
