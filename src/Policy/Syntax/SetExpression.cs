using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>[a, b]</c></summary>
public sealed record SetExpression(ImmutableArray<Expression> Elements, SourceSpan Span) : Expression(Span, 1 + Deepest(Elements));
