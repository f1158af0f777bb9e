using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Templates;

/// <summary>When people are asked. Policies may ask besides (<c>@obligation("approval")</c>).</summary>
public sealed record ApprovalRule
{
    /// <summary>Before the task starts.</summary>
    public bool ToStart { get; init; }

    /// <summary>Before each action with one of these names.</summary>
    public ImmutableArray<string> Actions { get; init; } = [];

    /// <summary>How long a question stays open; then the answer is no.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an approval of an action may wait to be used.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>User ids who may answer; none named: whoever may use the admin socket. Never who asked.</summary>
    public ImmutableArray<uint> Approvers { get; init; } = [];
}
