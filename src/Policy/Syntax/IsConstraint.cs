namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>principal is User</c> or <c>principal is User in Group::"staff"</c>; of principals and resources only.</summary>
/// <param name="EntityType">The type's full name, such as <c>App::User</c>.</param>
/// <param name="In">What it must be in besides, or null.</param>
/// <param name="Span">All of it.</param>
public sealed record IsConstraint(string EntityType, EntityReference? In, SourceSpan Span) : ScopeConstraint(Span);
