namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A 64-bit integer; a minus sign before digits belongs to it.</summary>
public sealed record LongLiteral(long Value, SourceSpan Span) : Expression(Span, 1);
