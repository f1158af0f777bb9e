namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// What a policy's scope asks of its principal, action or resource: <see cref="AnyConstraint"/>, <see cref="EqualConstraint"/>, <see cref="InConstraint"/>,
/// <see cref="IsConstraint"/> or, for actions, <see cref="InSetConstraint"/>. Cedar docs, "Policy scope".
/// </summary>
/// <param name="Span">The variable and what follows it, up to the comma.</param>
public abstract record ScopeConstraint(SourceSpan Span);
