namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A string, its escapes resolved.</summary>
public sealed record StringLiteral(string Value, SourceSpan Span) : Expression(Span, 1);
