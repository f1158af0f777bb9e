using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Policies;

/// <summary><c>policy check FILE… [--schema FILE]</c>: every fault of every file at once, with its place.</summary>
internal static class PolicyCheck
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("check", "Parse policies, hold them against a schema if one is given, and say everything that is wrong: exit code 65 when something is.");
        Argument<string[]> paths = new("FILE") { Description = "Files of Cedar policies; - for standard input", Arity = ArgumentArity.OneOrMore };
        Option<string?> schema = new("--schema") { Description = "What policies may speak of; JSON where the name ends in .json", HelpName = "FILE" };
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(paths);
        command.Add(schema);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ImmutableArray<PolicyFile> files = await PolicyFiles.ReadAsync(parsed.GetRequiredValue(paths), terminal, cancellationToken);
            if (parsed.GetValue(schema) is { } named)
            {
                SchemaFile known = await SchemaFile.ReadAsync(named, terminal, cancellationToken);
                PolicyFiles.Print(known.Faults, known.Warnings, terminal);
                if (known.Schema is null) return ExitCodes.BadInput;
                files = [.. files.Select(f => f.Validated(known.Schema))];
            }

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
            json.WriteObjects("faults", file.Faults, Write);
            json.WriteObjects("warnings", file.Warnings, Write);
        });
    });

    private static void Write(Utf8JsonWriter json, PolicyFault fault)
    {
        json.WriteNumber("line", fault.Position.Line);
        json.WriteNumber("column", fault.Position.Column);
        json.WriteString("message", fault.Message);
    }
}
