namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Where the lines of a source text begin; finds the position of an offset in O(log lines).</summary>
public sealed class LineMap
{
    private readonly int[] _starts;

    public LineMap(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<int> starts = [0];
        for (int at = source.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = source.IndexOf('\n', at + 1)) starts.Add(at + 1);
        _starts = [.. starts];
    }

    /// <summary>Line and column of an offset; an offset behind the end counts on in the last line.</summary>
    public SourcePosition PositionOf(int offset)
    {
        int index = Array.BinarySearch(_starts, offset);
        int line = index >= 0 ? index : ~index - 1;
        return new SourcePosition(line + 1, offset - _starts[line] + 1);
    }
}
