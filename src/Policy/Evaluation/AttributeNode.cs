using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>The attribute of an entity or a record; one that is not there is an error. Cedar docs, ". (attribute access)".</summary>
internal sealed class AttributeNode(CompiledExpression operand, string name, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value owner = operand.Evaluate(frame);
        if (owner.TryGet(out ValueRecord? record))
        {
            return record.TryGet(name, out Value field) ? field : Fail(EvaluationErrorKind.AttributeMissing, $"the record has no attribute {StringEscape.Quote(name)}");
        }

        if (!owner.TryGet(out EntityUid? uid)) return WrongType(owner, "an entity or a record");
        if (!frame.Entities.TryGet(uid, out EntityData? entity)) return Fail(EvaluationErrorKind.EntityMissing, $"the entity {uid} is not known");
        return entity.Attributes.TryGet(name, out Value value) ? value : Fail(EvaluationErrorKind.AttributeMissing, $"{uid} has no attribute {StringEscape.Quote(name)}");
    }
}
