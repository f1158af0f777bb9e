namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>principal in Group::"staff"</c>: the entity itself or one below it.</summary>
public sealed record InConstraint(EntityReference Entity, SourceSpan Span) : ScopeConstraint(Span);
