using System.Text;
using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary><c>--grant</c>: authorization details (RFC 9396), written as JSON or read from a file. What they say is judged by the agent; here they are only joined.</summary>
internal static class GrantInput
{
    /// <summary>Bytes of all of them together. Ours: as many as a task may be granted, with room.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>One JSON array of all details; empty when none is written.</summary>
    /// <param name="texts">Each an object, an array of objects, or <c>@FILE</c> (<c>@-</c>: standard input).</param>
    /// <param name="terminal">Standard input.</param>
    /// <param name="cancellationToken">The person gave up.</param>
    /// <exception cref="FaultException">A text is not JSON, or no such thing. Bad input.</exception>
    public static async Task<string> ReadAsync(IReadOnlyList<string> texts, Terminal terminal, CancellationToken cancellationToken)
    {
        StringBuilder all = new();
        foreach (string text in texts)
        {
            bool isFile = text.StartsWith('@');
            string place = isFile ? $"--grant: {text[1..]}" : "--grant";
            string json = isFile ? (await InputText.ReadAsync(text[1..], MaxBytes, terminal, cancellationToken)).Text : text;
            foreach (string detail in Details(json, place)) all.Append(all.Length == 0 ? "[" : ",").Append(detail);
            if (all.Length > MaxBytes) throw InputText.Bad("--grant", $"is more than {MaxBytes} bytes in all", "ask for less, or by wider locations");
        }

        return all.Length == 0 ? "" : all.Append(']').ToString();
    }

    private static List<string> Details(string json, string place)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(json);
            JsonElement root = parsed.RootElement;
            List<JsonElement> details = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            return details.TrueForAll(d => d.ValueKind == JsonValueKind.Object)
                ? [.. details.Select(d => d.GetRawText())]
                : throw InputText.Bad(place, "is no authorization detail", """write an object such as '{"type": "ticket", "actions": ["read"]}', or an array of them""");
        }
        catch (JsonException e)
        {
            throw InputText.Bad(place, $"is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})", """write an object such as '{"type": "ticket", "actions": ["read"]}', or @FILE""");
        }
    }
}
