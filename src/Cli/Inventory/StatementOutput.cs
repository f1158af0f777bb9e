using System.Globalization;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary>What a log's key says of an inventory, for people and for programs.</summary>
internal static class StatementOutput
{
    public static string Text(string title, string file, InventoryStatement statement, Terminal terminal) => new TextPage(terminal.IsStyled)
        .Heading(title, file)
        .Field("by", statement.Origin)
        .Field("taken", Moment.Relative(statement.At, terminal.Time.GetUtcNow()))
        .Field("tasks", statement.Tasks.ToString(CultureInfo.InvariantCulture))
        .Field("log", $"had {Moment.Count(statement.LogSize, "entry", "entries")}")
        .Field("sha256", statement.Digest)
        .ToString();

    /// <param name="statement">What was signed.</param>
    /// <param name="valid">Whether that was verified; null: nobody asked.</param>
    public static string Json(InventoryStatement statement, bool? valid) => JsonText.Object(onOneLine: false, json =>
    {
        if (valid is { } answer) json.WriteBoolean("valid", answer);
        json.WriteString("log", statement.Origin);
        json.WriteMoment("taken_at", statement.At);
        json.WriteNumber("tasks", statement.Tasks);
        json.WriteNumber("log_size", statement.LogSize);
        json.WriteString("sha256", statement.Digest);
    });

    public static string Json(string fault) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteBoolean("valid", false);
        json.WriteString("reason", fault);
    });
}
