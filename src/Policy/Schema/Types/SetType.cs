namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>A set whose elements are of one type.</summary>
internal sealed class SetType(CedarType element) : CedarType(1 + element.Depth, 1L + element.Size)
{
    public CedarType Element { get; } = element;

    public override string ToString() => $"Set<{Element}>";
}
