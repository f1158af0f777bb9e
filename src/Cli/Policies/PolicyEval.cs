using System.Collections.Immutable;
using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Json;

namespace Spiffe.Agent.Cli.Policies;

/// <summary><c>policy eval</c>: decides one request as the agent would. Allowed ends with 0, denied with 77.</summary>
internal static class PolicyEval
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("eval", "Decide one request: exit code 0 when it is allowed, 77 when it is denied.");
        Option<string[]> policies = new("--policies") { Description = "Files of Cedar policies; repeatable", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = false };
        Option<string?> entities = new("--entities") { Description = "What is known of entities, as JSON", HelpName = "FILE" };
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(policies);
        command.Add(entities);
        PolicyQuestion question = PolicyQuestion.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ImmutableArray<PolicyFile> files = await PolicyFiles.ReadAsync(parsed.GetRequiredValue(policies), terminal, cancellationToken);
            if (PolicyFiles.PrintFaults(files, terminal)) return ExitCodes.BadInput;
            PolicySet set = PolicySet.Compile(files.SelectMany(f => f.Statements).Where(s => !s.IsTemplate));
            EntityStore known = await EntitiesAsync(parsed.GetValue(entities), terminal, cancellationToken);
            AuthorizationDecision decision = set.Decide(await question.ReadAsync(parsed, terminal, cancellationToken), known);
            PolicyDecisionOutput shown = new(decision, files);
            terminal.Out.Write(parsed.GetValue(output) == OutputFormat.Json ? shown.Json() : shown.Text(terminal.IsStyled));
            return decision.IsAllowed ? ExitCodes.Done : ExitCodes.PermissionDenied;
        });
        return command;
    }

    private static async Task<EntityStore> EntitiesAsync(string? path, Terminal terminal, CancellationToken cancellationToken)
    {
        if (path is null) return EntityStore.Empty;
        InputText input = await InputText.ReadAsync(path, JsonLimits.MaxBytes, terminal, cancellationToken);
        return EntityJson.TryParse(input.Bytes, out EntityStore? store, out JsonFault? fault)
            ? store
            : throw InputText.Bad(input.Place, fault.ToString(), "write an array of { \"uid\", \"attrs\", \"parents\" }");
    }
}
