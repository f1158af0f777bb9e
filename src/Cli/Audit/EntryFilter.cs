using System.CommandLine;
using System.Globalization;
using Spiffe.Agent.Audit.Verification;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Which entries: <c>--task</c>, <c>--type</c>, <c>--since</c>, <c>--until</c>; all that are written must hold.</summary>
internal sealed class EntryFilter
{
    private readonly Option<string?> _task = new("--task") { Description = "Entries of this task, or of those that it caused; a beginning will do", HelpName = "ID" };
    private readonly Option<string?> _type = new("--type") { Description = "Entries of this type, such as task_issued", HelpName = "T" };
    private readonly Option<DateTimeOffset?> _since = Time("--since", "Entries from this moment on");
    private readonly Option<DateTimeOffset?> _until = Time("--until", "Entries before this moment");

    /// <param name="command">Gets the options.</param>
    /// <param name="withTimes">Those of time, too.</param>
    public static EntryFilter AddTo(Command command, bool withTimes)
    {
        EntryFilter filter = new();
        command.Add(filter._task);
        command.Add(filter._type);
        if (!withTimes) return filter;
        command.Add(filter._since);
        command.Add(filter._until);
        return filter;
    }

    /// <summary>Whether anything was written.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_task) is not null || parsed.GetValue(_type) is not null || parsed.GetValue(_since) is not null || parsed.GetValue(_until) is not null;

    public Func<LogEntry, bool> Of(ParseResult parsed)
    {
        string? task = parsed.GetValue(_task), type = parsed.GetValue(_type);
        DateTimeOffset since = parsed.GetValue(_since) ?? DateTimeOffset.MinValue, until = parsed.GetValue(_until) ?? DateTimeOffset.MaxValue;
        return entry => entry.At >= since && entry.At < until && (type is null || entry.Type == type) && (task is null || IsOf(entry, task));
    }

    private static bool IsOf(LogEntry entry, string task) =>
        entry.Parsed.Data.EnumerateObject().Any(member => member.Name is "task" or "root" or "parent" && member.Value.ValueKind == System.Text.Json.JsonValueKind.String && member.Value.GetString()!.StartsWith(task, StringComparison.Ordinal));

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)) return time;
            argument.AddError($"{name}: {text}: write a moment as 2026-11-22T09:00:00Z, or a day");
            return null;
        },
    };
}
