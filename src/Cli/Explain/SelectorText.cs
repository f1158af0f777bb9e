using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>Keeps the values of environment variables out of what is shown: they are where people put passwords.</summary>
internal static class SelectorText
{
    private const string Hidden = "[redacted]";

    /// <summary>The same explanation; of selectors such as <c>docker:env:NAME=value</c> only the name is left.</summary>
    public static ExplainResponse Redact(ExplainResponse explanation)
    {
        ExplainResponse shown = explanation.Clone();
        foreach (Evidence evidence in shown.Evidence) evidence.Selector = Redact(evidence.Selector);
        foreach (EntryMatch entry in shown.Matched.Concat(shown.Nearly))
        {
            for (int i = 0; i < entry.Selectors.Count; i++) entry.Selectors[i] = Redact(entry.Selectors[i]);
            for (int i = 0; i < entry.Missing.Count; i++) entry.Missing[i] = Redact(entry.Missing[i]);
        }

        return shown;
    }

    public static string Redact(string selector)
    {
        string[] parts = selector.Split(':', 3);
        if (parts is not [_, "env", var variable]) return selector;
        int equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? selector : $"{parts[0]}:{parts[1]}:{variable[..equals]}={Hidden}";
    }
}
