using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>{ name: value, "other name": value }</c></summary>
public sealed record RecordExpression(ImmutableArray<RecordField> Fields, SourceSpan Span) : Expression(Span, 1 + Deepest(Fields.Select(field => field.Value)));
