namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>when { body }</c> or <c>unless { body }</c>.</summary>
public sealed record PolicyCondition(ConditionKind Kind, Expression Body, SourceSpan Span);
