using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>contains</c>, <c>containsAll</c> and <c>containsAny</c>. Cedar docs, "Set operators and functions".</summary>
internal sealed class SetRelationNode(BinaryOperator operation, CompiledExpression left, CompiledExpression right, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value first = left.Evaluate(frame);
        if (first.IsFailure) return first;
        Value second = right.Evaluate(frame);
        if (second.IsFailure) return second;
        if (!first.TryGet(out ValueSet? set)) return WrongType(first, "a set");
        if (operation == BinaryOperator.Contains) return Value.Of(set.Contains(second));
        if (!second.TryGet(out ValueSet? other)) return WrongType(second, "a set");
        return Value.Of(operation == BinaryOperator.ContainsAll ? set.ContainsAll(other) : set.ContainsAny(other));
    }
}
