using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>A part of the request.</summary>
internal sealed class VariableNode(PolicyVariable variable, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame) => variable switch
    {
        PolicyVariable.Principal => Value.Of(frame.Principal),
        PolicyVariable.Action => Value.Of(frame.Action),
        PolicyVariable.Resource => Value.Of(frame.Resource),
        _ => Value.Of(frame.Context),
    };
}
