using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>
/// Hints are unique among the identities of one caller (Workload API §5.2.1, §6.2.1, §7.2.1), so entries that share a hint must differ in something that a
/// process has one of, such as <c>unix:uid</c>.
/// </summary>
internal sealed class HintRule
{
    /// <summary>Largest group without a kind in common that is compared pair by pair; a larger one is refused. Ours: bounds the work at 500,000 comparisons.</summary>
    private const int MaxPairwise = 1_000;

    private readonly Dictionary<string, List<Holder>> _holders = new(StringComparer.Ordinal);

    public void Add(Value hint, SelectorSet selectors)
    {
        Dictionary<SelectorKind, string> singles = [];
        foreach (Selector selector in selectors)
        {
            if (SelectorCatalog.SingleValuedKind(selector) is { } kind) singles[kind] = selector.Value;
        }

        if (!_holders.TryGetValue(hint.Text, out List<Holder>? holders)) _holders[hint.Text] = holders = [];
        holders.Add(new Holder(hint, singles));
    }

    /// <summary>Says which entries could give one caller the same hint twice.</summary>
    public void Check()
    {
        foreach (List<Holder> holders in _holders.Values) Check(holders, []);
    }

    /// <summary>Splits the group by a kind that all its entries name, as long as there is one: entries with different values never meet.</summary>
    private static void Check(List<Holder> group, HashSet<SelectorKind> used)
    {
        if (group.Count < 2) return;
        foreach (SelectorKind kind in group[0].Singles.Keys)
        {
            if (used.Contains(kind) || !group.TrueForAll(h => h.Singles.ContainsKey(kind))) continue;
            HashSet<SelectorKind> nowUsed = [.. used, kind];
            foreach (IGrouping<string, Holder> part in group.GroupBy(h => h.Singles[kind], StringComparer.Ordinal)) Check([.. part], nowUsed);
            return;
        }

        CheckPairs(group);
    }

    private static void CheckPairs(List<Holder> group)
    {
        if (group.Count > MaxPairwise)
        {
            group[0].Hint.Fault($"is the hint of {group.Count} entries that name no kind of selector in common", "give them different hints, or a unix:uid each");
            return;
        }

        for (int i = 1; i < group.Count; i++)
        {
            Holder? other = group.Take(i).FirstOrDefault(h => CanMeet(h, group[i]));
            if (other is null) continue;
            string place = $"{other.Hint.Path} on line {other.Hint.Place.Line}";
            group[i].Hint.Fault($"is {place} too, and one caller could match both", "give each its own hint (Workload API §5.2.1)");
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

    private sealed record Holder(Value Hint, Dictionary<SelectorKind, string> Singles);
}
