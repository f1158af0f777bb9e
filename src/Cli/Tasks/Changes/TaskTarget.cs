using System.CommandLine;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary>Whom a change is for: one task by its id, those that flags select, or with <c>--all</c> every one. Nothing written is an error, never everything.</summary>
internal sealed class TaskTarget
{
    private readonly Argument<string?> _id = new("ID") { Description = "A task's id, or a unique beginning of it; see 'task list'", Arity = ArgumentArity.ZeroOrOne };
    private readonly SelectionOptions _selection;
    private readonly Option<bool> _all = new("--all") { Description = "Every task. For incidents" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for the record", HelpName = "TEXT" };

    private TaskTarget(Command command, bool needsReason)
    {
        command.Add(_id);
        _selection = SelectionOptions.AddTo(command);
        command.Add(_all);
        _reason.Required = needsReason;
        command.Add(_reason);
        command.Validators.Add(result =>
        {
            bool hasId = result.GetValue(_id) is { Length: > 0 };
            bool hasFlags = _selection.AreWritten(result);
            bool hasAll = result.GetValue(_all);
            int ways = (hasId ? 1 : 0) + (hasFlags ? 1 : 0) + (hasAll ? 1 : 0);
            if (ways == 0) result.AddError("name a task, select by --template, --owner, --ticket, --subject, --executable, --label or --subtree, or write --all");
            else if (ways > 1) result.AddError("an id, flags that select, and --all exclude each other");
            if (needsReason && result.GetResult(_reason) is { Implicit: false } && string.IsNullOrWhiteSpace(result.GetValue(_reason))) result.AddError("--reason: '': say why, for the record");
        });
    }

    public static TaskTarget AddTo(Command command, bool needsReason) => new(command, needsReason);

    public TaskSelection Read(ParseResult parsed)
    {
        TaskSelection selection = _selection.Read(parsed);
        selection.TaskId = parsed.GetValue(_id) ?? "";
        selection.All = parsed.GetValue(_all);
        selection.Reason = parsed.GetValue(_reason) ?? "";
        return selection;
    }
}
