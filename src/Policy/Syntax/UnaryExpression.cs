namespace Spiffe.Agent.Policy.Syntax;

/// <summary>An operator or method of one operand.</summary>
public sealed record UnaryExpression(UnaryOperator Operator, Expression Operand, SourceSpan Span) : Expression(Span, 1 + Operand.Depth);
