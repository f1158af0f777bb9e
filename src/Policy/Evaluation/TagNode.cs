using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary><c>getTag</c> and <c>hasTag</c>; an entity that is not known has no tags. Cedar docs, "Entity tags".</summary>
internal sealed class TagNode(bool reads, CompiledExpression left, CompiledExpression right, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value first = left.Evaluate(frame);
        if (first.IsFailure) return first;
        Value second = right.Evaluate(frame);
        if (second.IsFailure) return second;
        if (!first.TryGet(out EntityUid? uid)) return WrongType(first, "an entity");
        if (!second.TryGet(out string? tag)) return WrongType(second, "a string");
        bool isKnown = frame.Entities.TryGet(uid, out EntityData? entity);
        Value value = default;
        bool isThere = isKnown && entity!.Tags.TryGet(tag, out value);
        if (!reads) return Value.Of(isThere);
        if (isThere) return value;
        return isKnown
            ? Fail(EvaluationErrorKind.TagMissing, $"{uid} has no tag {StringEscape.Quote(tag)}")
            : Fail(EvaluationErrorKind.EntityMissing, $"the entity {uid} is not known");
    }
}
