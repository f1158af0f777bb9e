using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <content>Attributes and tags.</content>
internal sealed partial class TypeCheck
{
    private Answer Attribute(AttributeExpression expression, Capabilities known) =>
        Attribute(ExpectEntityOrRecord(expression.Operand, known), _shapes.Of(expression.Operand), expression.Name, known, expression.Span);

    /// <summary>An attribute of an entity or a record of that shape.</summary>
    private Answer Attribute(Answer operand, int shape, string name, Capabilities known, SourceSpan span)
    {
        if (operand.Type is null) return Answer.Unsound();
        if (Find(operand.Type, name) is not { } attribute)
        {
            _findings.Add($"{operand.Type} has no attribute {StringEscape.Quote(name)}", span);
            return Answer.Unsound();
        }

        if (attribute.IsRequired || known.Contains(Capability.OfAttribute(shape, name))) return Answer.Of(attribute.Type).After(operand);
        _findings.Add($"attribute {StringEscape.Quote(name)} of {operand.Type} may be missing: ask with has before", span);
        return Answer.Unsound(attribute.Type);
    }

    /// <summary>Entities of actions and of types that are not declared have no attributes.</summary>
    private RecordAttribute? Find(CedarType type, string name) => type switch
    {
        RecordType record => record.Find(name),
        EntityReferenceType entity => _schema.FindEntityType(entity.Name)?.Attributes.Find(name),
        _ => null,
    };

    /// <summary><c>x has a.b.c</c> is <c>(x has a &amp;&amp; x.a has b) &amp;&amp; x.a.b has c</c>; a loop, since the path may be of any length.</summary>
    private Answer Has(HasExpression has, Capabilities known)
    {
        Answer operand = ExpectEntityOrRecord(has.Operand, known);
        int shape = _shapes.Of(has.Operand);
        Answer answer = HasOne(operand, shape, has.Path[0], known);
        for (int at = 1; at < has.Path.Length && !answer.IsFalse && _budget.TrySpend(); at++)
        {
            Capabilities now = known.And(answer.Learned);
            operand = EntityOrRecord(Attribute(operand, shape, has.Path[at - 1], now, has.Span), has);
            shape = _shapes.OfAttribute(shape, has.Path[at - 1]);
            answer = And(answer, HasOne(operand, shape, has.Path[at], now));
        }

        return answer;
    }

    /// <summary>Never always true for an entity unless that is known, since the entity itself may be missing.</summary>
    private Answer HasOne(Answer operand, int shape, string name, Capabilities known)
    {
        if (operand.Type is null) return Answer.Unsound(BooleanType.Any);
        if (Find(operand.Type, name) is not { } attribute) return Answer.Of(BooleanType.False).After(operand);
        Capability capability = Capability.OfAttribute(shape, name);
        bool always = known.Contains(capability) || (attribute.IsRequired && operand.Type is RecordType);
        return Answer.Of(always ? BooleanType.True : BooleanType.Any, Capabilities.Of(capability)).After(operand);
    }

    private Answer HasTag(BinaryExpression binary, Capabilities known)
    {
        Answer entity = ExpectEntity(binary.Left, known);
        Answer name = Expect(binary.Right, known, StringType.Instance);
        if (entity.Type is null) return Answer.Unsound();
        Capability capability = TagOf(binary);
        BooleanType type = TagsOf(entity.Type) is null ? BooleanType.False : known.Contains(capability) ? BooleanType.True : BooleanType.Any;
        return Answer.Of(type, Capabilities.Of(capability)).After(entity, name);
    }

    private Answer GetTag(BinaryExpression binary, Capabilities known)
    {
        Answer entity = ExpectEntity(binary.Left, known);
        Answer name = Expect(binary.Right, known, StringType.Instance);
        if (entity.Type is null) return Answer.Unsound();
        if (!known.Contains(TagOf(binary)))
        {
            _findings.Add($"this tag of {entity.Type} may be missing: ask with hasTag before", binary.Span);
            return Answer.Unsound();
        }

        if (TagsOf(entity.Type) is { } type) return Answer.Of(type).After(entity, name);
        _findings.Add($"{entity.Type} has no tags", binary.Span);
        return Answer.Unsound();
    }

    private Capability TagOf(BinaryExpression binary) => Capability.OfTag(_shapes.Of(binary.Left), _shapes.Of(binary.Right));

    private CedarType? TagsOf(CedarType type) => type is EntityReferenceType entity ? _schema.FindEntityType(entity.Name)?.Tags : null;
}
