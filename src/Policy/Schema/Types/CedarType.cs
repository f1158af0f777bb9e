namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>
/// A type of Cedar values as strict validation knows it. Strict validation needs no unions of entity types, no open records and no bottom type, so there are
/// none. Immutable; parts are shared, hence depth and size are counted as one is built.
/// </summary>
/// <param name="depth">Types on the longest way down, itself included.</param>
/// <param name="size">Types in it, shared ones counted as often as they occur.</param>
internal abstract class CedarType(int depth, long size)
{
    /// <summary>Sizes are not counted beyond this.</summary>
    private const int Countless = int.MaxValue;

    public int Depth { get; } = depth;

    public int Size { get; } = (int)Math.Min(size, Countless);

    /// <summary>As a schema would write it.</summary>
    public abstract override string ToString();
}
