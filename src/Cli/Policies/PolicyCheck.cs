using System.Collections.Immutable;
using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Policies;

/// <summary><c>policy check FILE…</c>: every fault of every file at once, with its place.</summary>
internal static class PolicyCheck
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("check", "Parse policies and say everything that is wrong with them: exit code 65 when something is.");
        Argument<string[]> paths = new("FILE") { Description = "Files of Cedar policies; - for standard input", Arity = ArgumentArity.OneOrMore };
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(paths);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ImmutableArray<PolicyFile> files = await PolicyFiles.ReadAsync(parsed.GetRequiredValue(paths), terminal, cancellationToken);
            bool isJson = parsed.GetValue(output) == OutputFormat.Json;
            bool isWrong = isJson ? files.Any(f => !f.Faults.IsEmpty) : PolicyFiles.PrintFaults(files, terminal);
            terminal.Out.Write(isJson ? Json(files) : Text(files));
            return isWrong ? ExitCodes.BadInput : ExitCodes.Done;
        });
        return command;
    }

    private static string Text(ImmutableArray<PolicyFile> files) => string.Concat(files.Where(f => f.Faults.IsEmpty).Select(f =>
    {
        int templates = f.Statements.Count(s => s.IsTemplate);
        string rest = templates == 0 ? "" : $", {Moment.Count(templates, "template")}";
        return SafeText.Of($"{f.Place}: {Moment.Count(f.Statements.Length - templates, "policy", "policies")}{rest}") + "\n";
    }));

    private static string Json(ImmutableArray<PolicyFile> files) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteBoolean("valid", files.All(f => f.Faults.IsEmpty));
        json.WriteObjects("files", files, (_, file) =>
        {
            json.WriteString("file", file.Place);
            json.WriteNumber("policies", file.Statements.Count(s => !s.IsTemplate));
            json.WriteNumber("templates", file.Statements.Count(s => s.IsTemplate));
            json.WriteObjects("faults", file.Faults, (_, fault) =>
            {
                json.WriteNumber("line", fault.Position.Line);
                json.WriteNumber("column", fault.Position.Column);
                json.WriteString("message", fault.Message);
            });
        });
    });
}
