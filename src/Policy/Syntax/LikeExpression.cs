namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>operand like "a*b"</c></summary>
public sealed record LikeExpression(Expression Operand, LikePattern Pattern, SourceSpan Span) : Expression(Span, 1 + Operand.Depth);
