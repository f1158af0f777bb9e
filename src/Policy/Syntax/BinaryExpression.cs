namespace Spiffe.Agent.Policy.Syntax;

/// <summary>An operator or method of two operands.</summary>
public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right, SourceSpan Span)
    : Expression(Span, 1 + Math.Max(Left.Depth, Right.Depth));
