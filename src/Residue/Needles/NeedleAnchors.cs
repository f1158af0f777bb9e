using System.Runtime.CompilerServices;

namespace Spiffe.Agent.Residue.Needles;

/// <summary>Four anchors, by their place in the window.</summary>
[InlineArray(Needle.AnchorLength)]
internal struct NeedleAnchors : IEquatable<NeedleAnchors>
{
    private uint _first;

    public readonly bool Equals(NeedleAnchors other) => ((ReadOnlySpan<uint>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is NeedleAnchors other && Equals(other);

    public override readonly int GetHashCode() => unchecked((int)_first);
}
