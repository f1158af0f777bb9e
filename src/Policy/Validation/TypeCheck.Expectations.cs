using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <content>Operands that must be of a certain kind.</content>
internal sealed partial class TypeCheck
{
    /// <summary>An operand of that very type, or of True or False where it is Bool.</summary>
    private Answer Expect(Expression operand, Capabilities known, CedarType type)
    {
        Answer answer = Check(operand, known);
        return answer.Type is null || ReferenceEquals(answer.Type, type) || (answer.Type is BooleanType && type is BooleanType) ? Typed(answer) : Mismatch(operand, answer.Type, type.ToString());
    }

    private Answer ExpectEntity(Expression operand, Capabilities known)
    {
        Answer answer = Check(operand, known);
        return answer.Type is null or EntityReferenceType ? Typed(answer) : Mismatch(operand, answer.Type, "an entity");
    }

    private Answer ExpectEntityOrRecord(Expression operand, Capabilities known) => EntityOrRecord(Check(operand, known), operand);

    private Answer EntityOrRecord(Answer answer, Expression operand) =>
        answer.Type is null or EntityReferenceType or RecordType ? Typed(answer) : Mismatch(operand, answer.Type, "an entity or a record");

    private Answer ExpectEntityOrEntities(Expression operand, Capabilities known)
    {
        Answer answer = Check(operand, known);
        return answer.Type is null or EntityReferenceType or SetType { Element: EntityReferenceType } ? Typed(answer) : Mismatch(operand, answer.Type, "an entity or a set of entities");
    }

    private Answer ExpectSet(Expression operand, Capabilities known)
    {
        Answer answer = Check(operand, known);
        return answer.Type is null or SetType ? Typed(answer) : Mismatch(operand, answer.Type, "a set");
    }

    /// <summary>An answer without a type is unsound, whatever else it says.</summary>
    private static Answer Typed(Answer answer) => answer.Type is null ? Answer.Unsound() : answer;

    private Answer Mismatch(Expression operand, CedarType actual, string expected)
    {
        _findings.Add($"{expected} is expected here, not {actual}", operand.Span);
        return Answer.Unsound();
    }
}
