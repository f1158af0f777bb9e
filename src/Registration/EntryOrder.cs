using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>The order of identities: priority (higher first), then most selectors, then the id, ordinal. Ties end at the entry's name, so the order is total.</summary>
internal static class EntryOrder
{
    public static int Compare(Entry x, Entry y)
    {
        int order = CompareRank(x, y);
        if (order == 0) order = string.CompareOrdinal(x.Id.Text, y.Id.Text);
        return order != 0 ? order : CompareSelectors(x, y);
    }

    /// <summary>As <see cref="Compare(Entry, Entry)"/>, by the ids that the caller really gets.</summary>
    public static int Compare(Grant x, Grant y)
    {
        int order = CompareRank(x.Entry, y.Entry);
        if (order == 0) order = string.CompareOrdinal(x.Id.ToString(), y.Id.ToString());
        return order != 0 ? order : Compare(x.Entry, y.Entry);
    }

    private static int CompareRank(Entry x, Entry y)
    {
        int order = y.Priority.CompareTo(x.Priority);
        return order != 0 ? order : y.Selectors.Count.CompareTo(x.Selectors.Count);
    }

    /// <summary>By the selectors in their own order: equal only for the same set.</summary>
    private static int CompareSelectors(Entry x, Entry y)
    {
        ReadOnlySpan<Selector> left = x.Selectors.Span;
        ReadOnlySpan<Selector> right = y.Selectors.Span;
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int order = string.CompareOrdinal(left[i].Type, right[i].Type);
            if (order == 0) order = string.CompareOrdinal(left[i].Value, right[i].Value);
            if (order != 0) return order;
        }

        return 0;
    }
}
