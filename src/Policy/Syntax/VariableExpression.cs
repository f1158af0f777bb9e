namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>principal</c>, <c>action</c>, <c>resource</c> or <c>context</c>.</summary>
public sealed record VariableExpression(PolicyVariable Variable, SourceSpan Span) : Expression(Span, 1);
