namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A field of a <see cref="RecordExpression"/>.</summary>
/// <param name="Name">Unique within its record.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Span">Name, colon and value.</param>
public sealed record RecordField(string Name, Expression Value, SourceSpan Span);
