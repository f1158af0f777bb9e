using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>Entries for programs: docs/cli.md.</summary>
internal static class EntryJson
{
    public static string Write(Entry entry) => JsonText.Object(onOneLine: false, json => Write(json, entry));

    public static string Write(IReadOnlyList<Entry> entries) => JsonText.Object(onOneLine: false, json => json.WriteObjects("entries", entries, Write));

    public static string Write(EntriesChanged changed) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteObjects("entries", changed.Entries, Write);
        json.WriteString("kept_in", changed.KeptIn.Length > 0 ? changed.KeptIn : null);
        json.WriteObjects("warnings", changed.Warnings, (_, warning) =>
        {
            json.WriteString("key", warning.Key);
            json.WriteNumber("line", warning.Line);
            json.WriteNumber("column", warning.Column);
            json.WriteString("value", warning.Value);
            json.WriteString("problem", warning.Problem);
            json.WriteString("remedy", warning.Remedy);
        });
    });

    private static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteString("entry_id", entry.Name);
        json.WriteString("spiffe_id", entry.SpiffeId);
        json.WriteTexts("selectors", entry.Selectors);
        WriteSeconds(json, "x509_ttl_seconds", entry.X509Ttl);
        WriteSeconds(json, "jwt_ttl_seconds", entry.JwtTtl);
        WriteSeconds(json, "wit_ttl_seconds", entry.WitTtl);
        json.WriteTexts("dns_names", entry.DnsNames);
        json.WriteString("hint", entry.Hint);
        json.WriteNumber("priority", entry.Priority);
        json.WriteString("origin", entry.Origin);
        json.WriteString("origin_kind", entry.OriginKind);
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, Duration? ttl)
    {
        if (ttl is null) json.WriteNull(name);
        else json.WriteNumber(name, ttl.Seconds);
    }
}
