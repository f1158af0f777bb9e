using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>A value that is known beforehand, or a failure that is.</summary>
internal sealed class ConstantNode(Value value, SourceSpan span) : CompiledExpression(span)
{
    public Value Value => value;

    public override Value Evaluate(in EvaluationFrame frame) => value;
}
