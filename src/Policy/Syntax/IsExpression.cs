namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>operand is Type</c> or <c>operand is Type in container</c>; where the type differs, the container is not evaluated.</summary>
/// <param name="Operand">An entity.</param>
/// <param name="EntityType">The type's full name.</param>
/// <param name="In">An entity or a set of entities, or null.</param>
/// <param name="Span">All of it.</param>
public sealed record IsExpression(Expression Operand, string EntityType, Expression? In, SourceSpan Span)
    : Expression(Span, 1 + Math.Max(Operand.Depth, In?.Depth ?? 0));
