using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// <c>operand has a</c>, <c>operand has "a"</c> or <c>operand has a.b.c</c>, which is <c>operand has a &amp;&amp; operand.a has b &amp;&amp; operand.a.b has c</c>
/// with the operand evaluated once. Cedar RFC 62.
/// </summary>
/// <param name="Operand">An entity or a record.</param>
/// <param name="Path">Names of attributes from the outside inwards; at least one.</param>
/// <param name="Span">All of it.</param>
public sealed record HasExpression(Expression Operand, ImmutableArray<string> Path, SourceSpan Span) : Expression(Span, 1 + Operand.Depth);
