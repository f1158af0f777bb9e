using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>==</c> and <c>!=</c>: of any types; values of different types differ. Cedar docs, "== (equality)".</summary>
internal sealed class EqualityNode(CompiledExpression left, CompiledExpression right, bool wanted, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value first = left.Evaluate(frame);
        if (first.IsFailure) return first;
        Value second = right.Evaluate(frame);
        return second.IsFailure ? second : Value.Of(first.Equals(second) == wanted);
    }
}
