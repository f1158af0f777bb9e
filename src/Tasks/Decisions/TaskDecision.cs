using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>A decision of policies, with what is needed to take it again.</summary>
/// <param name="Id">Its id, which the caller drew.</param>
/// <param name="Verdict">What was decided.</param>
/// <param name="Reasons">Ids of the policies that decided, in source order; none where nothing permits.</param>
/// <param name="Errors">Policies that could not be evaluated, and why. A permit among them counts for nothing, a forbid denies.</param>
/// <param name="PolicyDigest">Digest of the policies: <see cref="TaskPolicies.Digest"/>.</param>
/// <param name="InputDigest">SHA-256 of the canonical JSON of the question, base64url.</param>
public sealed record TaskDecision(string Id, TaskVerdict Verdict, ImmutableArray<string> Reasons, ImmutableArray<string> Errors, string PolicyDigest, string InputDigest)
{
    /// <summary>The question itself, UTF-8: what <see cref="RecordedQuestion.TryRead"/> reads, and <see cref="InputDigest"/> is over. It may hold free text. Empty where it is longer than <see cref="PolicyLimits.MaxQuestionLength"/>, which is denied.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Whether it may be, now or once somebody agrees.</summary>
    public bool IsDenied => Verdict == TaskVerdict.Deny;
}
