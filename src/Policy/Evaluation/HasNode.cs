using System.Collections.Immutable;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// <c>has</c>: whether the attribute is there, or each of a path; an entity that is not known has none. On the way, and at its start, what is neither an
/// entity nor a record is an error. Cedar docs, "has (presence of attribute test)".
/// </summary>
internal sealed class HasNode(CompiledExpression operand, ImmutableArray<string> path, SourceSpan span) : CompiledExpression(span)
{
    public override Value Evaluate(in EvaluationFrame frame)
    {
        Value owner = operand.Evaluate(frame);
        foreach (string name in path)
        {
            ValueRecord attributes;
            if (owner.TryGet(out ValueRecord? record)) attributes = record;
            else if (!owner.TryGet(out EntityUid? uid)) return WrongType(owner, "an entity or a record");
            else if (frame.Entities.TryGet(uid, out EntityData? entity)) attributes = entity.Attributes;
            else return Value.Of(false);

            if (!attributes.TryGet(name, out owner)) return Value.Of(false);
        }

        return Value.Of(true);
    }
}
