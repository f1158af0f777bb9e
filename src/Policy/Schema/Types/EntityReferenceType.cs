namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>A reference to an entity of one type, or to an action.</summary>
/// <param name="name">The type's full name.</param>
internal sealed class EntityReferenceType(string name) : CedarType(1, 1)
{
    public string Name { get; } = name;

    public override string ToString() => Name;
}
