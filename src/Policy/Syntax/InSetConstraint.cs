using System.Collections.Immutable;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary><c>action in [Action::"view", Action::"edit"]</c>; of actions only. An empty set matches nothing.</summary>
public sealed record InSetConstraint(ImmutableArray<EntityUid> Entities, SourceSpan Span) : ScopeConstraint(Span);
