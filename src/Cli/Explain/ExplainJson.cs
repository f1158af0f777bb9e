using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary>What was seen of a process, for programs: docs/cli.md.</summary>
internal static class ExplainJson
{
    public static string Write(ExplainResponse explanation) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteNumber("process_id", explanation.ProcessId);
        json.WriteString("command", explanation.Command);
        json.WriteObjects("evidence", explanation.Evidence, (_, evidence) =>
        {
            json.WriteString("selector", evidence.Selector);
            json.WriteString("source", evidence.Source);
        });
        json.WriteObjects("matched", explanation.Matched, Write);
        json.WriteObjects("nearly", explanation.Nearly, Write);
        json.WriteObjects("refused", explanation.Refused, (_, refusal) =>
        {
            json.WriteString("attestor", refusal.Attestor);
            json.WriteString("what", refusal.What);
            json.WriteString("reason", refusal.Reason);
        });
    });

    private static void Write(Utf8JsonWriter json, EntryMatch entry)
    {
        json.WriteString("entry_id", entry.EntryId);
        json.WriteString("origin", entry.Origin);
        json.WriteString("spiffe_id", entry.SpiffeId);
        json.WriteString("hint", entry.Hint);
        json.WriteNumber("priority", entry.Priority);
        json.WriteTexts("selectors", entry.Selectors);
        json.WriteTexts("missing", entry.Missing);
    }
}
