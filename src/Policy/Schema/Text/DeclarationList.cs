using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Declarations;

namespace Spiffe.Agent.Policy.Schema.Text;

/// <summary>Collects the declarations of one namespace while they are read.</summary>
internal sealed class DeclarationList
{
    public ImmutableArray<DeclaredEntity>.Builder Entities { get; } = ImmutableArray.CreateBuilder<DeclaredEntity>();

    public ImmutableArray<DeclaredAction>.Builder Actions { get; } = ImmutableArray.CreateBuilder<DeclaredAction>();

    public ImmutableArray<DeclaredCommonType>.Builder CommonTypes { get; } = ImmutableArray.CreateBuilder<DeclaredCommonType>();

    public bool IsEmpty => Entities.Count + Actions.Count + CommonTypes.Count == 0;

    public DeclaredNamespace Close(DeclaredName name) => new(name, Entities.ToImmutable(), Actions.ToImmutable(), CommonTypes.ToImmutable());
}
