using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>
/// Hints are unique among the identities of one caller (Workload API §5.2.1, §6.2.1, §7.2.1), so entries that share a hint must differ in something that a
/// process has one of, such as <c>unix:uid</c>.
/// </summary>
public static class HintRule
{
    /// <summary>Largest group without a kind in common that is compared pair by pair; a larger one is refused. Ours: bounds the work at 500,000 comparisons.</summary>
    public const int MaxPairwise = 1_000;

    /// <summary>The entries that could give one caller the same hint twice. Each is named once, with the first of those before it.</summary>
    public static IReadOnlyList<HintConflict> Check(IEnumerable<Entry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        List<HintConflict> conflicts = [];
        foreach (IGrouping<string, Entry> group in entries.Where(e => e.Hint is not null).GroupBy(e => e.Hint!, StringComparer.Ordinal))
        {
            List<Holder> holders = [.. group.Select(e => new Holder(e, SinglesOf(e.Selectors)))];
            Check(holders, [], conflicts);
        }

        return conflicts;
    }

    /// <summary>Splits the group by a kind that all its entries name, as long as there is one: entries with different values never meet.</summary>
    private static void Check(List<Holder> group, HashSet<SelectorKind> used, List<HintConflict> conflicts)
    {
        if (group.Count < 2) return;
        foreach (SelectorKind kind in group[0].Singles.Keys)
        {
            if (used.Contains(kind) || !group.TrueForAll(h => h.Singles.ContainsKey(kind))) continue;
            HashSet<SelectorKind> nowUsed = [.. used, kind];
            foreach (IGrouping<string, Holder> part in group.GroupBy(h => h.Singles[kind], StringComparer.Ordinal)) Check([.. part], nowUsed, conflicts);
            return;
        }

        CheckPairs(group, conflicts);
    }

    private static void CheckPairs(List<Holder> group, List<HintConflict> conflicts)
    {
        if (group.Count > MaxPairwise)
        {
            conflicts.Add(new HintConflict(group[^1].Entry, null, group.Count));
            return;
        }

        for (int i = 1; i < group.Count; i++)
        {
            Holder? other = group.Take(i).FirstOrDefault(h => CanMeet(h, group[i]));
            if (other is not null) conflicts.Add(new HintConflict(group[i].Entry, other.Entry, group.Count));
        }
    }

    private static bool CanMeet(Holder x, Holder y)
    {
        foreach ((SelectorKind kind, string value) in x.Singles)
        {
            if (y.Singles.TryGetValue(kind, out string? other) && !string.Equals(value, other, StringComparison.Ordinal)) return false;
        }

        return true;
    }

    private static Dictionary<SelectorKind, string> SinglesOf(SelectorSet selectors)
    {
        Dictionary<SelectorKind, string> singles = [];
        foreach (Selector selector in selectors)
        {
            if (SelectorCatalog.SingleValuedKind(selector) is { } kind) singles[kind] = selector.Value;
        }

        return singles;
    }

    private sealed record Holder(Entry Entry, Dictionary<SelectorKind, string> Singles);
}
