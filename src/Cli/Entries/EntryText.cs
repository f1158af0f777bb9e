using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>Entries for people.</summary>
internal static class EntryText
{
    private const string Anybody = "no entries: nobody earns an identity; add one with 'spiffe-agent entry add', or in the configuration";

    /// <param name="entries">In their order.</param>
    /// <param name="isWhole">Whether these are all that there are.</param>
    /// <param name="isStyled">Whether a terminal shows it.</param>
    public static string Write(IReadOnlyList<Entry> entries, bool isWhole, bool isStyled)
    {
        TextPage page = new(isStyled);
        if (entries.Count == 0) return page.Raw(isWhole ? Anybody : "no such entries").ToString();
        page.Table([["NAME", "SPIFFE ID", "SELECTORS", "ORIGIN"], .. entries.Select(e => (IReadOnlyList<string>)[e.Name, e.SpiffeId, string.Join(", ", e.Selectors), Origin(e.Origin)])]);
        int given = entries.Count(e => e.OriginKind is "admin");
        string remark = given > 0 ? string.Create(CultureInfo.InvariantCulture, $", {given} of them over the admin socket") : "";
        return page.Raw().Raw(Moment.Count(entries.Count, "entry", "entries") + remark).ToString();
    }

    public static string Write(Entry entry, bool isStyled)
    {
        TextPage page = new(isStyled);
        WriteEntry(page, entry, "");
        return page.ToString();
    }

    /// <param name="changed">What was changed.</param>
    /// <param name="verb">How, such as <c>added</c>.</param>
    /// <param name="isStyled">Whether a terminal shows it.</param>
    public static string Write(EntriesChanged changed, string verb, bool isStyled)
    {
        TextPage page = new(isStyled);
        foreach (Entry entry in changed.Entries) WriteEntry(page, entry, verb);
        string kept = changed.KeptIn.Length > 0
            ? $"kept in {changed.KeptIn}"
            : "in memory only: gone when the agent stops; to keep such entries, name an entries_file in the configuration";
        return page.Raw().Raw(verb is "removed" ? $"{Moment.Count(changed.Entries.Count, "entry", "entries")} removed" : kept).ToString();
    }

    private static void WriteEntry(TextPage page, Entry entry, string remark)
    {
        page.Heading(entry.SpiffeId, remark).Field("entry", entry.Name).Field("origin", Origin(entry.Origin));
        for (int i = 0; i < entry.Selectors.Count; i++) page.Field(i == 0 ? "selectors" : "", entry.Selectors[i]);
        for (int i = 0; i < entry.DnsNames.Count; i++) page.Field(i == 0 ? "dns names" : "", entry.DnsNames[i]);
        WriteTtl(page, "X.509 lives", entry.X509Ttl);
        WriteTtl(page, "JWT lives", entry.JwtTtl);
        WriteTtl(page, "WIT lives", entry.WitTtl);
        if (entry.Hint.Length > 0) page.Field("hint", entry.Hint);
        if (entry.Priority != 0) page.Field("priority", entry.Priority.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Where an entry was written, as a person says it.</summary>
    public static string Origin(string origin) => origin switch
    {
        "admin" => "admin socket",
        "dev" => "--dev",
        _ => origin,
    };

    private static void WriteTtl(TextPage page, string label, Duration? ttl)
    {
        if (ttl is not null) page.Field(label, Moment.Words(ttl.ToTimeSpan()));
    }
}
