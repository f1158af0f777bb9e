using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>The selectors of one entry.</summary>
internal static class SelectorsReader
{
    private const string Remedy = "list at least one, such as \"unix:uid:1001\"; all must hold";

    /// <summary>The set, or null where something is wrong with it.</summary>
    public static SelectorSet? Read(Section entry)
    {
        if (!entry.Has("selectors"))
        {
            entry.Faults.Add(entry.Place, entry.Path.Key("selectors"), null, "is missing: the entry would describe every caller", Remedy);
            return null;
        }

        int before = entry.Faults.Count;
        IReadOnlyList<Value> values = entry.Texts("selectors");
        List<Selector> selectors = [];
        Dictionary<SelectorKind, string> singles = [];
        foreach (Value value in values) ReadOne(value, selectors, singles);
        if (entry.Faults.Count != before) return null;
        if (selectors.Count == 0)
        {
            entry.Faults.Add(entry.Place, entry.Path.Key("selectors"), null, "is empty: the entry would describe every caller", Remedy);
            return null;
        }

        SelectorSet set = new(selectors);
        if (set.All(SelectorCatalog.IsExecutable))
        {
            values[0].Warn(
                "names the executable alone: whoever may run that file can make it load other code and earn this identity",
                "add a selector for the user, such as unix:uid:1001");
        }

        return set;
    }

    private static void ReadOne(Value value, List<Selector> selectors, Dictionary<SelectorKind, string> singles)
    {
        if (!Selector.TryParse(value.Text, out Selector selector, out string? fault))
        {
            value.Fault($"is not a selector: {fault}", "write type:key:value, such as unix:uid:1001");
            return;
        }

        if (SelectorCatalog.Judge(selector) is { } wrong)
        {
            value.Fault(wrong.Problem, wrong.Remedy);
            return;
        }

        if (SelectorCatalog.SingleValuedKind(selector) is { } kind && !singles.TryAdd(kind, selector.Value)
            && !string.Equals(singles[kind], selector.Value, StringComparison.Ordinal))
        {
            value.Fault($"can never hold together with '{kind.Type}:{singles[kind]}': a process has one {kind} at a time", "make two entries of it");
            return;
        }

        if (!SelectorCatalog.IsAttested(selector.Type))
        {
            value.Warn($"never holds: this version takes no {selector.Type} evidence, so nobody earns this entry", "keep it for a later version, or use unix selectors");
        }

        selectors.Add(selector);
    }
}
