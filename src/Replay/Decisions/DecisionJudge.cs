using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Buffers.Text;
using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Decisions;

/// <summary>Holds a decision to its question: that it is the question which was asked, that it is about what was done, and that the policies of that time answer it so. Nothing is kept; safe from several threads.</summary>
internal static class DecisionJudge
{
    /// <summary>Reads the question; false, with what is wrong, where it is not the one that was asked.</summary>
    public static bool TryRead(RecordedDecision decision, [NotNullWhen(true)] out RecordedQuestion? question, out DecisionFault fault)
    {
        ReadOnlyMemory<byte> input = decision.Input;
        fault = default;
        if (RecordedQuestion.TryRead(input, decision.Known, out question, out string unread))
        {
            if (!string.Equals(question.Digest, decision.InputDigest, StringComparison.Ordinal)) fault = Changed();
        }
        else
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(input.Span, hash);
            bool isTheSame = string.Equals(Base64Url.EncodeToString(hash), decision.InputDigest, StringComparison.Ordinal);
            fault = isTheSame ? new DecisionFault(ReplayRule.NotTheQuestion, unread) : Changed();
        }

        if (fault.Message is not null) question = null;
        return question is not null;

        static DecisionFault Changed() => new(ReplayRule.QuestionChanged, "the question that is kept has another digest than input_s256");
    }

    /// <summary>What is wrong with a decision whose question was read; null: nothing.</summary>
    public static DecisionFault? Judge(RecordedDecision decision, RecordedQuestion question)
    {
        if (Mismatch(decision, question) is { } other) return new DecisionFault(ReplayRule.NotTheQuestion, other);
        if (decision.Policies is not { } policies) return null;
        TaskDecision again = policies.Decide(question, "");
        if (again.Verdict != decision.Verdict) return new DecisionFault(ReplayRule.DecidedOtherwise, $"the entry says {Verdicts.NameOf(decision.Verdict)}, the policies of that time say {Verdicts.NameOf(again.Verdict)}");
        return again.Reasons.AsSpan().SequenceEqual(decision.Reasons.AsSpan()) ? null : new DecisionFault(ReplayRule.DecidedOtherwise, $"the entry names {Named(decision.Reasons)}, the policies that decide are {Named(again.Reasons)}");
    }

    private static string? Mismatch(RecordedDecision decision, RecordedQuestion question)
    {
        TaskFacts facts = question.Task.Facts;
        if (!IsActOf(decision.Kind, question.Act, decision.Ancestors.IsEmpty)) return $"it asks to {question.Act}, which is not what the entry is about";
        if (!Same(facts.Template, decision.Template)) return $"it is about template {facts.Template}";
        TimeSpan apart = decision.At - DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(question.Time, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        if (apart.Duration() > ReplayLimits.DecisionLeeway) return "it was asked at another time";
        if (decision.Task.Length == 0) return null;
        if (!Same(facts.Id.ToString(), decision.Task)) return $"it is about task {facts.Id}";
        if (decision.Owner.Length > 0 && !Same(facts.Owner, decision.Owner)) return $"it is about a task of {facts.Owner}";
        if (!Same(facts.Issuer.Length + facts.Subject.Length == 0 ? "" : $"{facts.Issuer} {facts.Subject}", decision.Subject)) return "it is about a task for another subject";
        if (facts.Ancestors.Length != decision.Ancestors.Length || facts.Ancestors.Where((ancestor, i) => !Same(ancestor.ToString(), decision.Ancestors[i])).Any()) return "it is about a task below others";
        if (!Same(question.IntentDigest, decision.IntentDigest)) return "it is about another intent";
        return question.Approvals > decision.MaxApprovals ? $"it counts {question.Approvals} approvals, and the log has {decision.MaxApprovals}" : null;
    }

    private static bool IsActOf(RecordKind kind, TaskAct act, bool isRoot)
    {
        TaskAct begin = isRoot ? TaskAct.Start : TaskAct.Spawn;
        return kind switch
        {
            RecordKind.Refused => act is TaskAct.Start or TaskAct.Spawn,
            RecordKind.Started or RecordKind.Approved => act == begin,
            RecordKind.Permitted or RecordKind.Withheld => act == TaskAct.Use,
            RecordKind.Renewed => act == TaskAct.Renew,
            RecordKind.Reevaluated => act == begin || act == TaskAct.Renew, // Looked at anew at an interval, or because the rules are others.
            RecordKind.Resumed => act == TaskAct.Resume,
            RecordKind.IntentChanged => act == TaskAct.Update,
            _ => true, // What ended or paused it.
        };
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static string Named(IReadOnlyList<string> policies) => policies.Count == 0 ? "none" : string.Join(", ", policies.Take(4));
}
