namespace Spiffe.Agent.Policy.Syntax;

/// <summary>A stretch of source text, in UTF-16 code units. <see cref="LineMap"/> turns it into lines and columns.</summary>
/// <param name="Start">Offset of its first unit.</param>
/// <param name="Length">How many units; 0 for a place between two.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>Offset of the first unit behind it.</summary>
    public int End => Start + Length;

    /// <summary>From the start of one to the end of another.</summary>
    public static SourceSpan Between(SourceSpan first, SourceSpan last) => new(first.Start, last.End - first.Start);
}
