using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>An entry on one line: which, when, what, whose, and what of it people look for first. <c>audit show</c> has all of it.</summary>
internal static class EntryLine
{
    /// <summary>Of a task's id, as lists of tasks have it.</summary>
    private const int ShortId = 8;

    /// <summary>Longest rest of a line, in characters.</summary>
    private const int MaxRest = 200;

    public static string Of(LogEntry entry)
    {
        JsonElement data = entry.Parsed.Data;
        string at = entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string rest = string.Join("  ", ((string[])[Whose(data), What(data), Text(data, RecordNames.Cause)]).Where(static part => part.Length > 0));
        if (rest.Length > MaxRest) rest = $"{rest.AsSpan(0, MaxRest)}…";
        return SafeText.Of(string.Create(CultureInfo.InvariantCulture, $"{entry.Seq,8}  {at}  {entry.Type,-20}  {rest}").TrimEnd());
    }

    private static string Whose(JsonElement data)
    {
        string task = Text(data, RecordNames.Task);
        if (task.Length > 0) return $"{Text(data, RecordNames.Template)}/{task[..Math.Min(ShortId, task.Length)]}";
        string id = Text(data, RecordNames.Id);
        return id.Length > 0 ? id : Text(data, RecordNames.Template) is { Length: > 0 } template ? template : Text(data, RecordNames.Process);
    }

    private static string What(JsonElement data)
    {
        List<string> words = [];
        Add("", Text(data, RecordNames.Action));
        Add("on ", Text(data, RecordNames.Resource));
        Add("with ", Text(data, RecordNames.Tool));
        Add("for ", Text(data, RecordNames.Audience));
        Add("", $"{Text(data, RecordNames.CredentialKind)} {Text(data, RecordNames.Credential)}".Trim());
        Add("", data.TryGetProperty(RecordNames.Credentials, out JsonElement dead) && dead.ValueKind == JsonValueKind.Array ? string.Create(CultureInfo.InvariantCulture, $"{dead.GetArrayLength()} credentials") : "");
        Add("", Text(data, RecordNames.Verdict));
        Add("", Text(data, "outcome"));
        Add("now ", Text(data, RecordNames.State).ToLowerInvariant());
        Add("by ", Text(data, RecordNames.Trigger));
        return string.Join(' ', words);

        void Add(string before, string word)
        {
            if (word.Length > 0) words.Add(before + word);
        }
    }

    private static string Text(JsonElement data, string name) => data.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
