using System.Globalization;
using System.Text;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Files;

/// <summary>Entries as YAML that reads back as the same entries: every text quoted, everything but printable ASCII escaped, every dollar doubled.</summary>
internal static class EntriesText
{
    private const string Head = """
        # Entries that were given over the admin socket. Written anew with each change: use 'spiffe-agent entry'.
        # Edit it only while the agent is stopped.
        entries:
        """;

    public static byte[] Of(IEnumerable<Entry> entries)
    {
        StringBuilder text = new(Head);
        int written = 0;
        foreach (Entry entry in entries)
        {
            EntryDraft draft = EntryDraft.Of(entry);
            text.Append("\n  - id: ").Append(Quoted(draft.Id!));
            text.Append("\n    selectors: ").Append(List(draft.Selectors));
            Add(text, "x509_ttl", draft.X509Ttl);
            Add(text, "jwt_ttl", draft.JwtTtl);
            Add(text, "wit_ttl", draft.WitTtl);
            if (!draft.DnsNames.IsEmpty) text.Append("\n    dns_names: ").Append(List(draft.DnsNames));
            Add(text, "hint", draft.Hint);
            Add(text, "priority", draft.Priority);
            written++;
        }

        if (written == 0) text.Append(" []");
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static void Add(StringBuilder text, string key, string? value)
    {
        if (value is not null) text.Append("\n    ").Append(key).Append(": ").Append(Quoted(value));
    }

    private static string List(IEnumerable<string> values) => $"[ {string.Join(", ", values.Select(Quoted))} ]";

    private static string Quoted(string value)
    {
        StringBuilder text = new("\"");
        foreach (Rune rune in value.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') text.Append('\\').Append((char)rune.Value);
            else if (rune.Value is '$') text.Append("$$");
            else if (rune.Value is >= ' ' and < '\x7f') text.Append((char)rune.Value);
            else if (rune.IsBmp) text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }

        return text.Append('"').ToString();
    }
}
