namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Something in a source text that is not Cedar.</summary>
/// <param name="Message">What is wrong, as one sentence without a full stop.</param>
/// <param name="Span">Where.</param>
public sealed record SyntaxError(string Message, SourceSpan Span);
