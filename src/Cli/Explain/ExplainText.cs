using System.Globalization;
using Google.Protobuf.Collections;
using Spiffe.Agent.Cli.Fetch;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>What was seen of a process, for people: first what it gets, then why, then what it lacks.</summary>
internal static class ExplainText
{
    public static string Write(ExplainResponse explanation, bool isStyled)
    {
        TextPage page = new(isStyled);
        page.Heading(string.Create(CultureInfo.InvariantCulture, $"process {explanation.ProcessId}"), explanation.Command);
        page.Line(explanation.Matched.Count switch
        {
            0 => "no entry describes it: it gets no identity",
            int n => $"it gets {Moment.Count(n, "identity", "identities")}",
        });
        WriteMatched(page, explanation.Matched);
        if (explanation.Evidence.Count > 0)
        {
            page.Heading("evidence").Table([["SELECTOR", "READ FROM"], .. explanation.Evidence.Select(e => (IReadOnlyList<string>)[e.Selector, e.Source])]);
        }

        WriteNearly(page, explanation.Nearly);
        if (explanation.Refused.Count > 0)
        {
            page.Heading("evidence that was refused").Table([["ATTESTOR", "WHAT", "WHY"], .. explanation.Refused.Select(r => (IReadOnlyList<string>)[r.Attestor, r.What, r.Reason])]);
        }

        return page.ToString();
    }

    private static void WriteMatched(TextPage page, RepeatedField<EntryMatch> matched)
    {
        foreach (EntryMatch entry in matched)
        {
            page.Heading(entry.SpiffeId, Remark.Of(ReferenceEquals(entry, matched[0]), entry.Hint));
            WriteEntry(page, entry).Field("because of", string.Join(", ", entry.Selectors));
        }
    }

    private static void WriteNearly(TextPage page, RepeatedField<EntryMatch> nearly)
    {
        foreach (EntryMatch entry in nearly)
        {
            page.Heading(entry.SpiffeId, "not matched");
            WriteEntry(page, entry).Field("lacks", string.Join(", ", entry.Missing));
            string[] held = [.. entry.Selectors.Except(entry.Missing, StringComparer.Ordinal)];
            if (held.Length > 0) page.Field("has", string.Join(", ", held));
        }
    }

    private static TextPage WriteEntry(TextPage page, EntryMatch entry)
    {
        page.Field("entry", entry.EntryId);
        if (entry.Origin.Length > 0) page.Field("written in", entry.Origin);
        return entry.Priority == 0 ? page : page.Field("priority", entry.Priority.ToString(CultureInfo.InvariantCulture));
    }
}
