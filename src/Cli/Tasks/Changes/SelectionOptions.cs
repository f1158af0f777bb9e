using System.CommandLine;
using System.CommandLine.Parsing;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary>Which tasks: all flags that are written must hold.</summary>
internal sealed class SelectionOptions
{
    private readonly Option<string?> _subtree = Text("--subtree", "ID", "This task and all below it");
    private readonly Option<string?> _template = Text("--template", "NAME", "Tasks of this template");
    private readonly Option<string?> _owner = Text("--owner", "OWNER", "Tasks of templates that this owner answers for");
    private readonly Option<string?> _ticket = Text("--ticket", "TICKET", "Tasks for this ticket");
    private readonly Option<string?> _subject = Text("--subject", "SUBJECT", "Tasks on behalf of this user or CI job");
    private readonly Option<string?> _executable = Text("--executable", "PATH", "Tasks of this program: an absolute path, or sha256:HEX");
    private readonly Option<string[]> _labels = LabelOption.Create("Tasks with this label; repeat it: all must hold");

    private SelectionOptions(Command command)
    {
        foreach (Option option in All) command.Add(option);
    }

    private Option[] All => [_subtree, _template, _owner, _ticket, _subject, _executable, _labels];

    public static SelectionOptions AddTo(Command command) => new(command);

    /// <summary>Whether any of them was written.</summary>
    public bool AreWritten(SymbolResult parsed) => All.Any(o => parsed.GetResult(o) is { Implicit: false });

    public TaskSelection Read(ParseResult parsed)
    {
        TaskSelection selection = new()
        {
            Subtree = parsed.GetValue(_subtree) ?? "",
            Template = parsed.GetValue(_template) ?? "",
            Owner = parsed.GetValue(_owner) ?? "",
            Ticket = parsed.GetValue(_ticket) ?? "",
            Subject = parsed.GetValue(_subject) ?? "",
            Executable = parsed.GetValue(_executable) ?? "",
        };
        LabelOption.Read(parsed.GetValue(_labels), selection.Labels);
        return selection;
    }

    private static Option<string?> Text(string name, string helpName, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = helpName };
        // An empty value would select by nothing, which is everything: a script whose variable is unset must not end every task.
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.Length == 0)) result.AddError($"{name}: '': is empty; write what to select by, or leave the flag out");
        });
        return option;
    }
}
