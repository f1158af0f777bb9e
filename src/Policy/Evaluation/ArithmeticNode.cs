using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>+ - *</c> of longs; what leaves 64 bits is an error. Cedar docs, "Arithmetic operators".</summary>
internal sealed class ArithmeticNode(BinaryOperator operation, CompiledExpression left, CompiledExpression right, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value first = left.Evaluate(frame);
        if (first.IsFailure) return first;
        Value second = right.Evaluate(frame);
        if (!first.TryGet(out long x)) return second.IsFailure ? second : WrongType(first, "a long");
        if (!second.TryGet(out long y)) return WrongType(second, "a long");
        Int128 exact = operation switch
        {
            BinaryOperator.Add => (Int128)x + y,
            BinaryOperator.Subtract => (Int128)x - y,
            _ => (Int128)x * y,
        };
        return exact >= long.MinValue && exact <= long.MaxValue ? Value.Of((long)exact) : Fail(EvaluationErrorKind.Overflow, "the result does not fit 64 bits");
    }
}
