namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A word of the source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it is.</param>
internal readonly record struct Token(TokenKind Kind, SourceSpan Span);
