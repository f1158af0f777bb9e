namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>left || right</c></summary>
public sealed record OrExpression(Expression Left, Expression Right, SourceSpan Span) : Expression(Span, 1 + Math.Max(Left.Depth, Right.Depth));
