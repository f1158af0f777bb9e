namespace Spiffe.Agent.Policy.Syntax;

/// <summary>The bare variable: every entity.</summary>
public sealed record AnyConstraint(SourceSpan Span) : ScopeConstraint(Span);
