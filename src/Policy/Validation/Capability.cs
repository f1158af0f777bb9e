namespace Spiffe.Agent.Policy.Validation;

/// <summary>The knowledge that an expression has an attribute or a tag, gained from <c>has</c> or <c>hasTag</c>.</summary>
/// <param name="On">Shape of the expression.</param>
/// <param name="Attribute">The attribute's name, or null for a tag.</param>
/// <param name="Tag">Shape of the expression that gives the tag's name, or -1 for an attribute.</param>
internal readonly record struct Capability(int On, string? Attribute, int Tag)
{
    public static Capability OfAttribute(int on, string name) => new(on, name, -1);

    public static Capability OfTag(int on, int tag) => new(on, null, tag);
}
