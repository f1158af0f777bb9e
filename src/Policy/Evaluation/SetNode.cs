using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>A set whose elements are not all known beforehand.</summary>
internal sealed class SetNode(CompiledExpression[] elements, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value[] values = new Value[elements.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = elements[i].Evaluate(frame);
            if (values[i].IsFailure) return values[i];
        }

        return Value.Of(ValueSet.Of(values));
    }
}
