using System.Globalization;
using Google.Protobuf.Collections;
using Spiffe.Agent.Cli.Entries;
using Spiffe.Agent.Cli.Fetch;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>What was seen of a process, for people: first what it is and gets, then why, attestor by attestor, then what it lacks.</summary>
internal static class ExplainText
{
    public static string Write(ExplainResponse explanation, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        page.Heading(string.Create(CultureInfo.InvariantCulture, $"process {explanation.ProcessId}"), explanation.Command);
        WriteProcess(page, explanation, now);
        page.Line(Verdict(explanation));
        WriteMatched(page, explanation.Matched);
        WriteLacking(page, explanation.Undecided, "not known whether it matches");
        foreach (string attestor in Attestors(explanation)) WriteEvidence(page, explanation, attestor);
        WriteLacking(page, explanation.Nearly, "not matched");
        return page.ToString();
    }

    private static void WriteProcess(TextPage page, ExplainResponse explanation, DateTimeOffset now)
    {
        page.Field("user", string.Create(CultureInfo.InvariantCulture, $"{explanation.UserId}, group {explanation.GroupId}"));
        if (explanation.StartedAt is { } started) page.Field("started", Moment.Relative(started.ToDateTimeOffset(), now));
        if (explanation.Executable.Length > 0) page.Field("executable", explanation.Executable);
        if (explanation.Cgroup is not { } cgroup) return;
        page.Field("cgroup", cgroup.Path.Length > 0 ? cgroup.Path : cgroup.Refusal);
        bool isLabelled = false;
        foreach (string place in CgroupText.Places(cgroup))
        {
            page.Field(isLabelled ? "" : "which is", place);
            isLabelled = true;
        }
    }

    private static string Verdict(ExplainResponse explanation) => (explanation.Undecided.Count, explanation.Matched.Count) switch
    {
        ( > 0, _) => $"it is told Unavailable: {string.Join(" and ", explanation.Failed)} could not be asked, and entries depend on that",
        (_, 0) => "no entry describes it: it gets no identity",
        (_, int n) => $"it gets {Moment.Count(n, "identity", "identities")}",
    };

    private static IEnumerable<string> Attestors(ExplainResponse explanation) => explanation.Evidence.Select(e => TypeOf(e.Selector))
        .Concat(explanation.Refused.Select(r => r.Attestor)).Concat(explanation.Failed).Distinct(StringComparer.Ordinal);

    private static void WriteEvidence(TextPage page, ExplainResponse explanation, string attestor)
    {
        page.Heading(attestor, explanation.Failed.Contains(attestor) ? "could not be asked: it may hold more of these" : "");
        List<IReadOnlyList<string>> rows = [.. explanation.Evidence.Where(e => TypeOf(e.Selector) == attestor).Select(e => (IReadOnlyList<string>)[e.Selector, e.Source])];
        if (rows.Count > 0) page.Table([["SELECTOR", "READ FROM"], .. rows]);
        foreach (Refusal refusal in explanation.Refused.Where(r => r.Attestor == attestor))
            page.Field("refused", refusal.What.Length > 0 ? $"{attestor}:{refusal.What}: {refusal.Reason}" : refusal.Reason);
    }

    private static void WriteMatched(TextPage page, RepeatedField<EntryMatch> matched)
    {
        foreach (EntryMatch entry in matched)
        {
            page.Heading(entry.SpiffeId, Remark.Of(ReferenceEquals(entry, matched[0]), entry.Hint));
            WriteEntry(page, entry).Field("because of", string.Join(", ", entry.Selectors));
        }
    }

    private static void WriteLacking(TextPage page, RepeatedField<EntryMatch> entries, string remark)
    {
        foreach (EntryMatch entry in entries)
        {
            page.Heading(entry.SpiffeId, remark);
            WriteEntry(page, entry).Field("lacks", string.Join(", ", entry.Missing));
            string[] held = [.. entry.Selectors.Except(entry.Missing, StringComparer.Ordinal)];
            if (held.Length > 0) page.Field("has", string.Join(", ", held));
        }
    }

    private static TextPage WriteEntry(TextPage page, EntryMatch entry)
    {
        page.Field("entry", entry.EntryId);
        if (entry.Origin.Length > 0) page.Field("origin", EntryText.Origin(entry.Origin));
        return entry.Priority == 0 ? page : page.Field("priority", entry.Priority.ToString(CultureInfo.InvariantCulture));
    }

    private static string TypeOf(string selector) => selector.Split(':', 2)[0];
}
