using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>The operands of an expression, in source order.</summary>
internal static class ExpressionParts
{
    public static IEnumerable<Expression> Of(Expression expression) => expression switch
    {
        AndExpression and => [and.Left, and.Right],
        OrExpression or => [or.Left, or.Right],
        BinaryExpression binary => [binary.Left, binary.Right],
        UnaryExpression unary => [unary.Operand],
        ConditionalExpression conditional => [conditional.Test, conditional.Then, conditional.Else],
        AttributeExpression attribute => [attribute.Operand],
        HasExpression has => [has.Operand],
        LikeExpression like => [like.Operand],
        IsExpression { In: { } container } type => [type.Operand, container],
        IsExpression type => [type.Operand],
        SetExpression set => set.Elements,
        RecordExpression record => record.Fields.Select(field => field.Value),
        ExtensionCall call => call.Arguments,
        _ => [],
    };
}
