using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Schema.Declarations;

/// <summary>What one namespace declares, in either syntax.</summary>
/// <param name="Name">Its full name; empty for what stands outside of all.</param>
/// <param name="Entities">Entity types; a declaration of several names is several here.</param>
/// <param name="Actions">Actions, likewise.</param>
/// <param name="CommonTypes">Names for types.</param>
internal sealed record DeclaredNamespace(
    DeclaredName Name,
    ImmutableArray<DeclaredEntity> Entities,
    ImmutableArray<DeclaredAction> Actions,
    ImmutableArray<DeclaredCommonType> CommonTypes)
{
    /// <summary>The full name of something declared here.</summary>
    public string Qualify(string name) => Name.Text.Length == 0 ? name : $"{Name.Text}::{name}";
}
