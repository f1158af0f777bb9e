using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// <c>&amp;&amp;</c> and <c>||</c> over two or more operands, from the left. The first that decides ends it, so what stands behind may fail or have a wrong type
/// unseen; whatever is evaluated must be a bool. Cedar docs, "&amp;&amp; (AND)", "|| (OR)".
/// </summary>
/// <param name="operands">In order.</param>
/// <param name="deciding">The value that ends it: false for and, true for or.</param>
/// <param name="span">Where it was written.</param>
internal sealed class JunctionNode(CompiledExpression[] operands, bool deciding, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        foreach (CompiledExpression operand in operands)
        {
            Value value = operand.Evaluate(frame);
            if (!value.TryGet(out bool holds)) return WrongType(value, "a bool");
            if (holds == deciding) return value;
        }

        return Value.Of(!deciding);
    }
}
