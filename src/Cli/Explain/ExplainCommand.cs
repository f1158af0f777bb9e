using System.CommandLine;
using System.Globalization;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Explain;

/// <summary><c>explain</c>: what the daemon sees of a process, and what that earns it.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("explain", "Show what the agent sees of a process: selectors with their evidence, entries that match, entries that nearly do.");
        AdminOptions options = AdminOptions.AddTo(command);
        Argument<int> processId = new("PID")
        {
            Description = "The process, as the agent numbers it",
            CustomParser = argument =>
            {
                string text = argument.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0) return id;
                argument.AddError($"PID: {text}: write the positive number of a process");
                return 0;
            },
        };
        command.Add(processId);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using AdminClient client = new(endpoint.Address);
            ExplainResponse explanation = SelectorText.Redact(await endpoint.AskAsync(token => client.ExplainAsync(parsed.GetValue(processId), token), cancellationToken));
            terminal.Out.Write(options.IsJson(parsed) ? ExplainJson.Write(explanation) : ExplainText.Write(explanation, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
