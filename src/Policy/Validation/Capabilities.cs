using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>What is known where an expression stands, or learned where one is true. Immutable; joining two costs what the smaller holds.</summary>
internal readonly record struct Capabilities
{
    private readonly ImmutableHashSet<Capability>? _known;

    private Capabilities(ImmutableHashSet<Capability> known) => _known = known;

    public static Capabilities None => default;

    private ImmutableHashSet<Capability> Known => _known ?? [];

    public static Capabilities Of(Capability single) => new([single]);

    public bool Contains(Capability capability) => _known?.Contains(capability) ?? false;

    /// <summary>What is known where both hold.</summary>
    public Capabilities And(Capabilities other)
    {
        if (_known is null) return other;
        if (other._known is null) return this;
        (ImmutableHashSet<Capability> large, ImmutableHashSet<Capability> small) = BySize(_known, other._known);
        return new Capabilities(large.Union(small));
    }

    /// <summary>What is known where one of the two holds.</summary>
    public Capabilities Or(Capabilities other)
    {
        (ImmutableHashSet<Capability> large, ImmutableHashSet<Capability> small) = BySize(Known, other.Known);
        return small.IsEmpty ? None : new Capabilities(small.Except(small.Where(capability => !large.Contains(capability))));
    }

    private static (ImmutableHashSet<Capability> Large, ImmutableHashSet<Capability> Small) BySize(ImmutableHashSet<Capability> left, ImmutableHashSet<Capability> right) =>
        left.Count >= right.Count ? (left, right) : (right, left);
}
