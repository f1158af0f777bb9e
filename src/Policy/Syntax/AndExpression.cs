namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>left &amp;&amp; right</c></summary>
public sealed record AndExpression(Expression Left, Expression Right, SourceSpan Span) : Expression(Span, 1 + Math.Max(Left.Depth, Right.Depth));
