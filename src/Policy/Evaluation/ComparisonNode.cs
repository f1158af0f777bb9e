using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>&lt; &lt;= &gt; &gt;=</c> of two longs, two datetimes or two durations. Cedar docs, "Comparison operators".</summary>
internal sealed class ComparisonNode(BinaryOperator operation, CompiledExpression left, CompiledExpression right, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value first = left.Evaluate(frame);
        if (first.IsFailure) return first;
        Value second = right.Evaluate(frame);
        if (second.IsFailure) return second;
        if (first.TryGet(out long x)) return second.TryGet(out long y) ? Compare(x, y) : WrongType(second, "a long");
        if (first.TryGet(out CedarDatetime then)) return second.TryGet(out CedarDatetime when) ? Compare(then.Milliseconds, when.Milliseconds) : WrongType(second, "a datetime");
        if (first.TryGet(out CedarDuration one)) return second.TryGet(out CedarDuration other) ? Compare(one.Milliseconds, other.Milliseconds) : WrongType(second, "a duration");
        return WrongType(first, "a long, a datetime or a duration");
    }

    private Value Compare(long x, long y) => Value.Of(operation switch
    {
        BinaryOperator.Less => x < y,
        BinaryOperator.LessOrEqual => x <= y,
        BinaryOperator.Greater => x > y,
        _ => x >= y,
    });
}
