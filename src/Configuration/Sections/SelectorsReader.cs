using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>The selectors of one entry, or of who may start a template.</summary>
internal static class SelectorsReader
{
    private const string Remedy = "list at least one, such as \"unix:uid:1001\"; all must hold";

    /// <summary>The set, or null where something is wrong with it.</summary>
    /// <param name="entry">What they belong to.</param>
    /// <param name="attestors">Which evidence is taken.</param>
    /// <param name="key">Their key.</param>
    /// <param name="what">What they belong to, for people.</param>
    public static SelectorSet? Read(Section entry, AttestorsOptions attestors, string key = "selectors", string what = "entry")
    {
        if (!entry.Has(key))
        {
            entry.Faults.Add(entry.Place, entry.Path.Key(key), null, $"is missing: the {what} would describe every caller", Remedy);
            return null;
        }

        int before = entry.Faults.Count;
        IReadOnlyList<Value> values = entry.Texts(key);
        List<Selector> selectors = [];
        Dictionary<SelectorKind, string> singles = [];
        foreach (Value value in values) ReadOne(value, attestors, what, selectors, singles);
        if (entry.Faults.Count != before) return null;
        if (selectors.Count == 0)
        {
            entry.Faults.Add(entry.Place, entry.Path.Key(key), null, $"is empty: the {what} would describe every caller", Remedy);
            return null;
        }

        SelectorSet set = new(selectors);
        WarnOfWeak(set, values[0] with { Written = SelectorSecrecy.Shown(values[0].Written) });
        return set;
    }

    /// <summary>Says what is allowed and earned by more callers than its author probably thinks of.</summary>
    private static void WarnOfWeak(SelectorSet set, Value first)
    {
        if (set.All(SelectorCatalog.IsExecutable))
        {
            first.Warn(
                "names the executable alone: whoever may run that file can make it load other code and earn this identity",
                "add a selector for the user, such as unix:uid:1001");
        }

        bool ofPod = set.Any(s => s.Type is "k8s");
        if (ofPod && !set.Any(s => s.Type is "k8s" && (s.Value.StartsWith("ns:", StringComparison.Ordinal) || s.Value.StartsWith("pod-uid:", StringComparison.Ordinal))))
        {
            first.Warn(
                "describes pods of every namespace: whoever may make pods in any of them can earn this identity",
                "add the namespace, such as k8s:ns:default");
        }
    }

    private static void ReadOne(Value written, AttestorsOptions attestors, string what, List<Selector> selectors, Dictionary<SelectorKind, string> singles)
    {
        // Faults and warnings are printed and logged: never with the value of a variable.
        Value value = written with { Written = SelectorSecrecy.Shown(written.Written) };
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
            value.Fault($"can never hold together with '{kind.Type}:{singles[kind]}': a process has one {kind} at a time", "make two of it");
            return;
        }

        if (!SelectorCatalog.IsTaken(selector))
        {
            value.Warn($"never holds: this version takes no such evidence, so nobody earns this {what}", "keep it for a later version, or use other selectors");
        }
        else if (!attestors.Takes(selector.Type))
        {
            string section = selector.Type is "k8s" ? "kubernetes" : selector.Type;
            value.Warn($"never holds: attestors.{section}.enabled is false, so nobody earns this {what}", "enable it, or use other selectors");
        }

        selectors.Add(selector);
    }
}
