using System.Runtime.CompilerServices;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Validation;

/// <content>Operators and methods of one or two operands.</content>
internal sealed partial class TypeCheck
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Answer Unary(UnaryExpression unary, Capabilities known) => unary.Operator switch
    {
        UnaryOperator.Not => Not(Expect(unary.Operand, known, BooleanType.Any)),
        UnaryOperator.Negate => Answer.Of(LongType.Instance).After(Expect(unary.Operand, known, LongType.Instance)),
        UnaryOperator.IsEmpty => Answer.Of(BooleanType.Any).After(ExpectSet(unary.Operand, known)),
        _ => throw new ArgumentOutOfRangeException(nameof(unary)),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Answer Binary(BinaryExpression binary, Capabilities known) => binary.Operator switch
    {
        BinaryOperator.Equal => Equality(binary, known),
        BinaryOperator.NotEqual => Not(Equality(binary, known)),
        BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => Comparison(binary, known),
        BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply => Arithmetic(binary, known),
        BinaryOperator.In => In(binary.Left, binary.Right, known),
        BinaryOperator.Contains => Contains(binary, known),
        BinaryOperator.ContainsAll or BinaryOperator.ContainsAny => ContainsSet(binary, known),
        BinaryOperator.HasTag => HasTag(binary, known),
        BinaryOperator.GetTag => GetTag(binary, known),
        _ => throw new ArgumentOutOfRangeException(nameof(binary)),
    };

    /// <summary>Known where entity types differ or both sides are literals; otherwise both sides must be of one type.</summary>
    private Answer Equality(BinaryExpression binary, Capabilities known)
    {
        Answer left = Check(binary.Left, known);
        Answer right = Check(binary.Right, known);
        CedarType type = TypeOfEquality(binary, left.Type, right.Type);
        Answer answer = type is BooleanType { Value: not null } ? Answer.Of(type) : OneType(binary, left.Type, right.Type, "compared with ==");
        return answer.After(left, right);
    }

    private BooleanType TypeOfEquality(BinaryExpression binary, CedarType? left, CedarType? right)
    {
        if (left is EntityReferenceType first && right is EntityReferenceType second && !Same(first.Name, second.Name)) return BooleanType.False;
        return (LiteralIn(binary.Left), LiteralIn(binary.Right)) is ({ } one, { } other) ? BooleanType.Of(one.Equals(other)) : BooleanType.Any;
    }

    /// <summary>The value of a literal, or of <c>action</c>, which every request environment fixes.</summary>
    private object? LiteralIn(Expression expression) => expression switch
    {
        BooleanLiteral literal => literal.Value,
        LongLiteral literal => literal.Value,
        StringLiteral literal => literal.Value,
        EntityLiteral literal => literal.Uid,
        VariableExpression { Variable: PolicyVariable.Action } => _environment.Action.Uid,
        _ => null,
    };

    private Answer OneType(BinaryExpression binary, CedarType? left, CedarType? right, string how)
    {
        if (left is null || right is null || _lattice.Join(left, right) is not null) return Answer.Of(BooleanType.Any);
        _findings.Add($"{left} and {right} are {how}, but never of one type", binary.Span);
        return Answer.Unsound(BooleanType.Any);
    }

    /// <summary>Both Long, both datetime or both duration.</summary>
    private Answer Comparison(BinaryExpression binary, Capabilities known)
    {
        Answer left = Check(binary.Left, known);
        Answer right = Check(binary.Right, known);
        if (left.Type is null || right.Type is null) return Answer.Unsound(BooleanType.Any);
        if (IsOrdered(left.Type) && ReferenceEquals(left.Type, right.Type)) return Answer.Of(BooleanType.Any).After(left, right);

        if (!IsOrdered(left.Type)) Mismatch(binary.Left, left.Type, "Long, datetime or duration");
        else if (!IsOrdered(right.Type)) Mismatch(binary.Right, right.Type, left.Type.ToString());
        else _findings.Add($"{left.Type} and {right.Type} cannot be compared", binary.Span);
        return Answer.Unsound(BooleanType.Any);
    }

    private static bool IsOrdered(CedarType type) =>
        type is LongType || ReferenceEquals(type, ExtensionValueType.Datetime) || ReferenceEquals(type, ExtensionValueType.Duration);

    private Answer Arithmetic(BinaryExpression binary, Capabilities known)
    {
        Answer left = Expect(binary.Left, known, LongType.Instance);
        Answer right = Expect(binary.Right, known, LongType.Instance);
        return Answer.Of(LongType.Instance).After(left, right);
    }

    private Answer Contains(BinaryExpression binary, Capabilities known)
    {
        Answer left = ExpectSet(binary.Left, known);
        Answer right = Check(binary.Right, known);
        return OneType(binary, (left.Type as SetType)?.Element, right.Type, "used in contains").After(left, right);
    }

    private Answer ContainsSet(BinaryExpression binary, Capabilities known)
    {
        Answer left = ExpectSet(binary.Left, known);
        Answer right = ExpectSet(binary.Right, known);
        return OneType(binary, left.Type, right.Type, "used together").After(left, right);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);
}
