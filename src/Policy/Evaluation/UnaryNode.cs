using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>!x</c>, <c>-x</c>, <c>x.isEmpty()</c>.</summary>
internal sealed class UnaryNode(UnaryOperator operation, CompiledExpression operand, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value value = operand.Evaluate(frame);
        switch (operation)
        {
            case UnaryOperator.Not:
                return value.TryGet(out bool holds) ? Value.Of(!holds) : WrongType(value, "a bool");
            case UnaryOperator.Negate:
                if (!value.TryGet(out long number)) return WrongType(value, "a long");
                return number == long.MinValue ? Fail(EvaluationErrorKind.Overflow, "the negated number does not fit 64 bits") : Value.Of(-number);
            default:
                return value.TryGet(out ValueSet? set) ? Value.Of(set.Count == 0) : WrongType(value, "a set");
        }
    }
}
