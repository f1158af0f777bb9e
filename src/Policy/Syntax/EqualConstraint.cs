namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>principal == User::"alice"</c></summary>
public sealed record EqualConstraint(EntityReference Entity, SourceSpan Span) : ScopeConstraint(Span);
