using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Prints entries: for people a heading and a line for each member, or all on one line, for programs the entry as it stands in the log, a line each.</summary>
internal sealed class EntryPage(Terminal terminal, bool isJson, bool withBodies, bool isBrief = false)
{
    /// <summary>Longest value that is shown to people, in characters; programs get all of it.</summary>
    private const int MaxShown = 2_000;

    private bool _isFirst = true;

    public void Print(LogEntry entry)
    {
        if (isJson)
        {
            terminal.Out.Write(entry + "\n");
            return;
        }

        if (isBrief)
        {
            terminal.Out.Write(EntryLine.Of(entry) + "\n");
            return;
        }

        TextPage page = new TextPage(terminal.IsStyled).Heading(string.Create(CultureInfo.InvariantCulture, $"#{entry.Seq}  {entry.Type}"), entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture));
        foreach (JsonProperty member in entry.Parsed.Data.EnumerateObject()) page.Field(member.Name, Cut(ValueOf(member.Value)));
        if (withBodies && entry.Body is { } body) page.Field("body's text", Cut(body));
        terminal.Out.Write(_isFirst ? page.ToString() : "\n" + page);
        _isFirst = false;
    }

    private static string ValueOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Cut(string text) => text.Length <= MaxShown ? text : $"{text.AsSpan(0, MaxShown)}… {text.Length - MaxShown} characters more";
}
