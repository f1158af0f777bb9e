namespace Spiffe.Agent.Policy.Authorization;

/// <summary>A list of policies by place, in memory that it is given as long as that lasts.</summary>
internal ref struct OrdinalList(Span<int> initial)
{
    private Span<int> _ordinals = initial;

    public int Count { get; private set; }

    public void Add(int ordinal)
    {
        if (Count == _ordinals.Length)
        {
            int[] larger = new int[_ordinals.Length * 2];
            _ordinals.CopyTo(larger);
            _ordinals = larger;
        }

        _ordinals[Count++] = ordinal;
    }

    /// <summary>In ascending order, each once.</summary>
    public ReadOnlySpan<int> Sorted()
    {
        Span<int> used = _ordinals[..Count];
        used.Sort();
        int kept = 0;
        foreach (int ordinal in used)
        {
            if (kept == 0 || used[kept - 1] != ordinal) used[kept++] = ordinal;
        }

        return used[..kept];
    }
}
