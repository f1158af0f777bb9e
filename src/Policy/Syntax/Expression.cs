namespace Spiffe.Agent.Policy.Syntax;

/// <summary>
/// A Cedar expression: an immutable tree. Its depth is counted as it is built and never exceeds <see cref="SyntaxLimits.MaxDepth"/> in what the parsers
/// return, so code may recurse over it.
/// </summary>
/// <param name="Span">Where it was written; empty where it was not read from Cedar text.</param>
/// <param name="Depth">Nodes on the longest way down, itself included.</param>
public abstract record Expression(SourceSpan Span, int Depth)
{
    /// <summary>The greatest depth among operands, or 0.</summary>
    protected static int Deepest(IEnumerable<Expression> operands)
    {
        int depth = 0;
        foreach (Expression operand in operands) depth = Math.Max(depth, operand.Depth);
        return depth;
    }
}
