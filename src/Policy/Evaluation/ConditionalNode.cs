using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>if</c>: the branch that is not taken is not evaluated.</summary>
internal sealed class ConditionalNode(CompiledExpression test, CompiledExpression then, CompiledExpression otherwise, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value condition = test.Evaluate(frame);
        if (!condition.TryGet(out bool holds)) return WrongType(condition, "a bool");
        return holds ? then.Evaluate(frame) : otherwise.Evaluate(frame);
    }
}
