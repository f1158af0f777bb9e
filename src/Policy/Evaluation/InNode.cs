using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// <c>in</c>: whether an entity is another, or one of a set, or below it. A set must hold entities only, whatever the answer. Cedar docs, "in (hierarchy
/// membership)".
/// </summary>
internal sealed class InNode(CompiledExpression left, CompiledExpression right, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value first = left.Evaluate(frame);
        return first.TryGet(out EntityUid? uid) ? EvaluateFor(uid, frame) : WrongType(first, "an entity");
    }

    /// <summary>The answer for an entity that is known already; the left side is not evaluated.</summary>
    public Value EvaluateFor(EntityUid uid, in EvaluationFrame frame)
    {
        Value second = right.Evaluate(frame);
        if (second.TryGet(out EntityUid? container)) return Value.Of(frame.Entities.IsIn(uid, container));
        if (!second.TryGet(out ValueSet? containers)) return WrongType(second, "an entity or a set of entities");
        if (!containers.HasOnlyEntities) return Fail(EvaluationErrorKind.WrongType, "expected a set of entities, got a set with something else in it");
        return Value.Of(IsInAny(uid, containers, frame));
    }

    private static bool IsInAny(EntityUid uid, ValueSet containers, in EvaluationFrame frame)
    {
        HashSet<EntityUid> ancestors = frame.Entities.AncestorSetOf(uid);
        foreach (Value element in containers.AsSpan())
        {
            if (element.TryGet(out EntityUid? container) && (uid.Equals(container) || ancestors.Contains(container))) return true;
        }

        return false;
    }
}
