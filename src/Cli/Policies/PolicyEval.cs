using System.Collections.Immutable;
using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Validation;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Cli.Policies;

/// <summary><c>policy eval</c>: decides one request as the agent would. Allowed ends with 0, denied with 77.</summary>
internal static class PolicyEval
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("eval", "Decide one request: exit code 0 when it is allowed, 77 when it is denied.");
        Option<string[]> policies = new("--policies") { Description = "Files of Cedar policies; repeatable", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = false };
        Option<string?> entities = new("--entities") { Description = "What is known of entities, as JSON", HelpName = "FILE" };
        Option<string?> schema = new("--schema") { Description = "What policies, entities and request must keep to; JSON where the name ends in .json", HelpName = "FILE" };
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(policies);
        command.Add(entities);
        command.Add(schema);
        PolicyQuestion question = PolicyQuestion.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ImmutableArray<PolicyFile> files = await PolicyFiles.ReadAsync(parsed.GetRequiredValue(policies), terminal, cancellationToken);
            SchemaFile? known = parsed.GetValue(schema) is { } named ? await SchemaFile.ReadAsync(named, terminal, cancellationToken) : null;
            if (known is not null && PolicyFiles.Print(known.Faults, known.Warnings, terminal)) return ExitCodes.BadInput;
            if (known?.Schema is { } types) files = [.. files.Select(f => f.Validated(types))];
            if (PolicyFiles.PrintFaults(files, terminal)) return ExitCodes.BadInput;

            PolicySet set = PolicySet.Compile(files.SelectMany(f => f.Statements).Where(s => !s.IsTemplate));
            EntityStore store = await EntitiesAsync(parsed.GetValue(entities), known?.Schema, terminal, cancellationToken);
            AuthorizationRequest request = await question.ReadAsync(parsed, known?.Schema?.Shapes, terminal, cancellationToken);
            if (known?.Schema is { } held) Refuse("the request", RequestValidator.Validate(held, request));
            AuthorizationDecision decision = set.Decide(request, store);
            PolicyDecisionOutput shown = new(decision, files);
            terminal.Out.Write(parsed.GetValue(output) == OutputFormat.Json ? shown.Json() : shown.Text(terminal.IsStyled));
            return decision.IsAllowed ? ExitCodes.Done : ExitCodes.PermissionDenied;
        });
        return command;
    }

    private static async Task<EntityStore> EntitiesAsync(string? path, PolicySchema? schema, Terminal terminal, CancellationToken cancellationToken)
    {
        ImmutableArray<EntityData> given = [];
        string place = path ?? "--schema";
        if (path is not null)
        {
            InputText input = await InputText.ReadAsync(path, JsonLimits.MaxBytes, terminal, cancellationToken);
            place = input.Place;
            if (!EntityJson.TryParse(input.Bytes, schema?.Shapes, out given, out JsonFault? fault)) throw InputText.Bad(place, fault.ToString(), "write an array of { \"uid\", \"attrs\", \"parents\" }");
        }

        // The actions and their groups are the schema's to say.
        HashSet<EntityUid> known = [.. given.Select(e => e.Uid)];
        IEnumerable<EntityData> actions = schema?.ActionEntities.Where(a => !known.Contains(a.Uid)) ?? [];
        if (!EntityStore.TryCreate(given.Concat(actions), out EntityStore? store, out string? error)) throw InputText.Bad(place, error, "");
        if (schema is not null) Refuse(place, EntityValidator.Validate(schema, store));
        return store;
    }

    private static void Refuse(string place, ImmutableArray<ConformanceFault> faults)
    {
        if (!faults.IsEmpty) throw InputText.Bad(place, string.Join("; ", faults), "see the schema");
    }
}
