namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BooleanLiteral(bool Value, SourceSpan Span) : Expression(Span, 1);
