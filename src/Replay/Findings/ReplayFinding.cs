using System.Globalization;

namespace Spiffe.Agent.Replay.Findings;

/// <summary>Something that a log shows.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="IsViolation">Whether the rule is broken; otherwise this is a remark.</param>
/// <param name="Seq">The entry at which it shows.</param>
/// <param name="Task">The task; empty: none.</param>
/// <param name="Message">What and where, for people, without a full stop.</param>
public sealed record ReplayFinding(ReplayRule Rule, bool IsViolation, long Seq, string Task, string Message)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"entry {Seq}: {Rule}{(Task.Length > 0 ? $": task {Task}" : "")}: {Message}");
}
