namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>
/// A text made ready to be looked for, in time that grows with the text searched and not with its product with this one. Short ones are left to the
/// vectorised search, which may compare all of them at every place; longer ones are found after Knuth, Morris and Pratt, "Fast Pattern Matching in Strings"
/// (SIAM J. Comput. 6, 1977), which never looks back: two comparisons for each character at most.
/// </summary>
internal sealed class TextSearch
{
    /// <summary>Code units up to which comparing all of them at every place is cheap: four or fewer vectors. Ours.</summary>
    internal const int MaxDirect = 32;

    private readonly string _wanted;

    /// <summary>For each prefix the length of the longest shorter one that it ends with; empty where the search is direct. Twice the memory of the text.</summary>
    private readonly int[] _borders;

    public TextSearch(string wanted)
    {
        _wanted = wanted;
        _borders = wanted.Length > MaxDirect ? BordersOf(wanted) : [];
    }

    /// <summary>How long it is.</summary>
    public int Length => _wanted.Length;

    /// <summary>Where it is found first, or -1.</summary>
    public int FindIn(ReadOnlySpan<char> text)
    {
        if (_borders.Length == 0) return text.IndexOf(_wanted, StringComparison.Ordinal);
        int matched = 0;
        for (int i = 0; i < text.Length; i++)
        {
            while (matched > 0 && text[i] != _wanted[matched]) matched = _borders[matched - 1];
            if (text[i] == _wanted[matched]) matched++;
            if (matched == _wanted.Length) return i + 1 - matched;
        }

        return -1;
    }

    private static int[] BordersOf(string wanted)
    {
        int[] borders = new int[wanted.Length];
        int length = 0;
        for (int i = 1; i < wanted.Length; i++)
        {
            while (length > 0 && wanted[i] != wanted[length]) length = borders[length - 1];
            if (wanted[i] == wanted[length]) length++;
            borders[i] = length;
        }

        return borders;
    }
}
