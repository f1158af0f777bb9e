using System.Collections.Frozen;
using System.Collections.Immutable;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>
/// The operator's policies, compiled: immutable, safe for any number of threads. Nothing is permitted that no policy permits, a forbid overrides every permit, and a forbid that could not be
/// evaluated denies. A permit with <c>@obligation("approval")</c> counts once a person agreed; where one without it permits as well, nobody is asked.
/// </summary>
public sealed class TaskPolicies
{
    private static readonly ImmutableArray<string> BuiltInReason = ["builtin"];

    private readonly PolicySet? _policies;
    private readonly FrozenSet<string> _forbids;
    private readonly FrozenSet<string> _needApproval;

    private TaskPolicies(PolicySet? policies, string digest)
    {
        ImmutableArray<PolicyStatement> statements = policies?.Statements ?? [];
        (_policies, Digest) = (policies, digest);
        _forbids = statements.Where(policy => policy.Effect == PolicyEffect.Forbid).Select(policy => policy.Id).ToFrozenSet(StringComparer.Ordinal);
        _needApproval = statements.Where(PolicyCompiler.NeedsApproval).Select(policy => policy.Id).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Where no policies are configured: permits what the grants permit, and says so: its name stands in decisions and for the digest.</summary>
    public static TaskPolicies BuiltIn { get; } = new(null, "builtin");

    /// <summary>Whether these are <see cref="BuiltIn"/>.</summary>
    public bool IsBuiltIn => _policies is null;

    /// <summary><c>sha256:</c> and the digest of the sources in order, base64url; <c>builtin</c> for those.</summary>
    public string Digest { get; }

    /// <summary>How many policies there are.</summary>
    public int Count => _policies?.Statements.Length ?? 1;

    /// <summary>Compiles policies; each must be valid against <see cref="TaskPolicySchema"/>, strictly.</summary>
    /// <param name="sources">At least one, in the order that the digest is over. No source at all is <see cref="BuiltIn"/>: say so, since an empty set would deny everything.</param>
    /// <param name="policies">Null where there are faults.</param>
    /// <param name="faults">Every fault at once.</param>
    public static bool TryCompile(IReadOnlyList<PolicySource> sources, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults)
    {
        PolicyCompiler compiler = new();
        policies = compiler.TryCompile(sources, out PolicySet? set, out string digest) ? new TaskPolicies(set, digest) : null;
        faults = compiler.Faults;
        return policies is not null;
    }

    /// <summary>Answers a question.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="id">The decision's id: random, drawn by the caller.</param>
    public TaskDecision Decide(TaskQuestion question, string id)
    {
        ArgumentNullException.ThrowIfNull(question);
        return Decide(RecordedQuestion.Of(question), id);
    }

    /// <summary>Answers a question that was recorded: under the policies that answered it then with the same verdict for the same reasons.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="id">The decision's id.</param>
    public TaskDecision Decide(RecordedQuestion question, string id)
    {
        ArgumentNullException.ThrowIfNull(question);
        ReadOnlyMemory<byte> input = question.Canonical;
        if (input.Length > PolicyLimits.MaxQuestionLength) return Denied($"the question is longer than {PolicyLimits.MaxQuestionLength} bytes, and cannot be recorded") with { Input = default };
        if (_policies is null) return new TaskDecision(id, TaskVerdict.Permit, BuiltInReason, [], Digest, question.Digest) { Input = input };
        if (!QuestionRequest.TryCreate(question, out QuestionRequest request, out string? error)) return Denied(error);
        AuthorizationDecision decision = _policies.Decide(request.Request, request.Entities);
        ImmutableArray<string> errors = decision.Errors.IsEmpty ? [] : [.. decision.Errors.Select(failure => $"{failure.PolicyId}: {failure.Error.Message}")];
        return new TaskDecision(id, VerdictOf(decision), decision.Reasons, errors, Digest, question.Digest) { Input = input };

        TaskDecision Denied(string why) => new(id, TaskVerdict.Deny, [], [why], Digest, question.Digest) { Input = input };
    }

    private TaskVerdict VerdictOf(AuthorizationDecision decision)
    {
        if (!decision.IsAllowed || decision.Errors.Any(error => _forbids.Contains(error.PolicyId))) return TaskVerdict.Deny;
        return decision.Reasons.All(_needApproval.Contains) ? TaskVerdict.NeedsApproval : TaskVerdict.Permit;
    }
}
