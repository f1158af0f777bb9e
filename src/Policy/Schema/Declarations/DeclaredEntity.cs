using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>An entity type.</summary>
/// <param name="Name">Without its namespace.</param>
/// <param name="Parents">Types that it may be a member of.</param>
/// <param name="Shape">Its attributes.</param>
/// <param name="Tags">The type of its tags' values, or null where it has none.</param>
/// <param name="Ids">All ids that there are, or null where any may be. Enumerated entity types have neither parents nor attributes nor tags.</param>
internal sealed record DeclaredEntity(
    DeclaredName Name,
    ImmutableArray<DeclaredName> Parents,
    DeclaredType Shape,
    DeclaredType? Tags,
    ImmutableArray<string>? Ids);
