namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>operand.name</c> or <c>operand["name"]</c>, of an entity or a record.</summary>
public sealed record AttributeExpression(Expression Operand, string Name, SourceSpan Span) : Expression(Span, 1 + Operand.Depth);
