using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>is</c>, and <c>is … in</c>, whose container is evaluated where the type is right. Cedar docs, "is (entity type test)".</summary>
internal sealed class IsNode(CompiledExpression operand, string type, InNode? container, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value value = operand.Evaluate(frame);
        if (!value.TryGet(out EntityUid? uid)) return WrongType(value, "an entity");
        if (!string.Equals(uid.Type, type, StringComparison.Ordinal)) return Value.Of(false);
        return container is null ? Value.Of(true) : container.EvaluateFor(uid, frame);
    }
}
