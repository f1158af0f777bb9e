using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Spiffe.Agent.Policy.Evaluation;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>Evaluates the policies that an index finds, each once however often it is found, and collects what they say. Cedar docs, "Authorization".</summary>
internal ref struct DecisionVisitor(CompiledPolicy[] all, ref readonly EvaluationFrame frame, Span<int> permits, Span<int> forbids, Span<ulong> seen) : IPolicyVisitor
{
    private readonly ref readonly EvaluationFrame _frame = ref frame;
    private readonly Span<ulong> _seen = seen;
    private OrdinalList _permits = new(permits);
    private OrdinalList _forbids = new(forbids);
    private SortedDictionary<int, EvaluationError>? _errors;

    public void Visit(CompiledPolicy[] policies)
    {
        foreach (CompiledPolicy policy in policies)
        {
            ref ulong word = ref _seen[policy.Ordinal / 64];
            ulong mark = 1UL << (policy.Ordinal % 64);
            if ((word & mark) != 0) continue;
            word |= mark;
            switch (policy.Applies(in _frame, out EvaluationError? error))
            {
                case true when policy.IsForbid:
                    _forbids.Add(policy.Ordinal);
                    break;
                case true:
                    _permits.Add(policy.Ordinal);
                    break;
                case null:
                    (_errors ??= [])[policy.Ordinal] = error!;
                    break;
            }
        }
    }

    /// <summary>A forbid overrides every permit; without a permit the answer is no.</summary>
    public AuthorizationDecision Decide()
    {
        bool isAllowed = _forbids.Count == 0 && _permits.Count > 0;
        if (!isAllowed && _forbids.Count == 0 && _errors is null) return AuthorizationDecision.DeniedByDefault;
        ReadOnlySpan<int> deciding = isAllowed ? _permits.Sorted() : _forbids.Sorted();
        string[] reasons = deciding.IsEmpty ? [] : new string[deciding.Length];
        for (int i = 0; i < reasons.Length; i++) reasons[i] = all[deciding[i]].Id;
        return new AuthorizationDecision(isAllowed, ImmutableCollectionsMarshal.AsImmutableArray(reasons), Failures());
    }

    private readonly ImmutableArray<PolicyError> Failures()
    {
        if (_errors is null) return [];
        CompiledPolicy[] policies = all;
        return [.. _errors.Select(entry => new PolicyError(policies[entry.Key].Id, entry.Value))];
    }
}
