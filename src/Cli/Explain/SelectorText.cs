using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>Keeps the values of environment variables out of what is shown: they are where people put passwords. The agent does not send them; this holds for one that would.</summary>
internal static class SelectorText
{
    private const string Hidden = "[redacted]";

    /// <summary>The same explanation; of selectors such as <c>docker:env:NAME=value</c> only the name is left.</summary>
    public static ExplainResponse Redact(ExplainResponse explanation)
    {
        ExplainResponse shown = explanation.Clone();
        foreach (Evidence evidence in shown.Evidence) evidence.Selector = Redact(evidence.Selector);
        foreach (EntryMatch entry in shown.Matched.Concat(shown.Nearly).Concat(shown.Undecided))
        {
            for (int i = 0; i < entry.Selectors.Count; i++) entry.Selectors[i] = Redact(entry.Selectors[i]);
            for (int i = 0; i < entry.Missing.Count; i++) entry.Missing[i] = Redact(entry.Missing[i]);
        }

        return shown;
    }

    public static string Redact(string selector)
    {
        string[] parts = selector.Split(':');
        int key = parts is [_, "rootless", ..] ? 3 : 1;
        if (parts.Length <= key + 1 || parts[key] is not "env") return selector;
        int equals = parts[key + 1].IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? "" : parts[key + 1][..(equals + 1)];
        return $"{string.Join(':', parts[..(key + 1)])}:{name}{Hidden}";
    }
}
