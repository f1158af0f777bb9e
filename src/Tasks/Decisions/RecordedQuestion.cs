using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>
/// A question as policies see it and as it is recorded: everything that its answer depends on but the policies. What is asked now and what is asked again later are put to them from
/// this one value, so the same policies answer both in the same way. Immutable.
/// </summary>
public sealed class RecordedQuestion
{
    internal RecordedQuestion()
    {
    }

    public required TaskAct Act { get; init; }

    /// <summary>Who asked.</summary>
    public required TaskEntities Task { get; init; }

    /// <summary>Wall time, in milliseconds since 1970.</summary>
    public required long Time { get; init; }

    public required string GoalDigest { get; init; }

    public required string IntentDigest { get; init; }

    public string Reason { get; init; } = "";

    public string Ticket { get; init; } = "";

    /// <summary>What the action touches, or the most that is declared.</summary>
    public required Sensitivity Sensitivity { get; init; }

    public bool IntentChanged { get; init; }

    public string Trigger { get; init; } = "";

    public int Approvals { get; init; }

    /// <summary>The action; of <see cref="TaskAct.Use"/> only, and there mandatory. Of its parameters, what constraints and policies see, and the digest.</summary>
    public ActionQuestion? Action { get; init; }

    public long Uses { get; init; }

    /// <summary>Null: not counted.</summary>
    public long? Remaining { get; init; }

    /// <summary>Its canonical JSON (RFC 8785). It may hold free text of callers.</summary>
    public ReadOnlyMemory<byte> Canonical { get; private set; }

    /// <summary>SHA-256 of <see cref="Canonical"/>, base64url.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>A question that is asked now.</summary>
    /// <exception cref="ArgumentException">A use without an action, or an action of something else.</exception>
    public static RecordedQuestion Of(TaskQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (question.Act == TaskAct.Use != question.Action is not null) throw new ArgumentException("a use is of an action, and nothing else is", nameof(question));
        return new RecordedQuestion
        {
            Act = question.Act,
            Task = question.Task,
            Time = question.Now.ToUnixTimeMilliseconds(),
            GoalDigest = question.Intent.GoalDigest,
            IntentDigest = question.Intent.Digest,
            Reason = question.Intent.Reason,
            Ticket = question.Intent.Ticket,
            Sensitivity = question.Action?.Sensitivity ?? question.Intent.MaxSensitivity ?? Sensitivity.Restricted,
            IntentChanged = question.IntentChanged,
            Trigger = question.Trigger,
            Approvals = question.Approvals,
            Action = question.Action,
            Uses = question.Uses,
            Remaining = question.Remaining,
        }.Sealed();
    }

    /// <summary>Reads what <see cref="Canonical"/> gave, byte for byte, and nothing else.</summary>
    /// <param name="canonical">The question.</param>
    /// <param name="known">A task that it may be of: taken as it is where its facts are the same bytes, which saves the most of the work. Null: none.</param>
    /// <param name="question">The question, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryRead(ReadOnlyMemory<byte> canonical, TaskEntities? known, [NotNullWhen(true)] out RecordedQuestion? question, out string fault)
    {
        question = null;
        fault = canonical.Length > PolicyLimits.MaxQuestionLength ? $"longer than {PolicyLimits.MaxQuestionLength} bytes" : QuestionForm.Read(canonical, known, out question);
        if (fault.Length == 0 && !question!.Canonical.Span.SequenceEqual(canonical.Span)) fault = "not written as questions are";
        if (fault.Length > 0) question = null;
        return question is not null;
    }

    /// <summary>Once all of it is set: rendered, for good.</summary>
    internal RecordedQuestion Sealed()
    {
        Canonical = QuestionForm.Write(this);
        Digest = CanonicalJson.Digest(Canonical.Span);
        return this;
    }
}
