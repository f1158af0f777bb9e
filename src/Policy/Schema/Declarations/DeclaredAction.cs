using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>An action or a group of actions.</summary>
/// <param name="Id">Any text.</param>
/// <param name="Span">Where its id stands.</param>
/// <param name="Parents">Groups that it is in.</param>
/// <param name="Principals">Entity types of principals that it applies to.</param>
/// <param name="Resources">Entity types of resources that it applies to.</param>
/// <param name="Context">The type of the context.</param>
internal sealed record DeclaredAction(
    string Id,
    SourceSpan Span,
    ImmutableArray<DeclaredActionName> Parents,
    ImmutableArray<DeclaredName> Principals,
    ImmutableArray<DeclaredName> Resources,
    DeclaredType Context);
