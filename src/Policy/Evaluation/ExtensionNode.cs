using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>A call of an extension function of one or two arguments.</summary>
internal sealed class ExtensionNode(ExtensionFunction function, CompiledExpression first, CompiledExpression? second, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value one = first.Evaluate(frame);
        if (one.IsFailure) return one;
        Value two = second?.Evaluate(frame) ?? default;
        return two.IsFailure ? two : ExtensionCalls.Call(function, one, two, Span);
    }
}
