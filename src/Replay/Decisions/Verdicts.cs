using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Decisions;

/// <summary>Verdicts by the names that the log has for them.</summary>
internal static class Verdicts
{
    public static TaskVerdict? Of(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("permit"u8) ? TaskVerdict.Permit : name.SequenceEqual("deny"u8) ? TaskVerdict.Deny : name.SequenceEqual("needs_approval"u8) ? TaskVerdict.NeedsApproval : null;

    public static string NameOf(TaskVerdict? verdict) => verdict switch
    {
        TaskVerdict.Permit => "permit",
        TaskVerdict.Deny => "deny",
        TaskVerdict.NeedsApproval => "needs_approval",
        _ => "nothing",
    };
}
