using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>A case of the Cedar project: decides its requests and compares decision, determining policies and erroring policies.</summary>
/// <param name="file">The case. Its entities may leave out escapes that its schema makes good.</param>
internal sealed class CedarCase(string file)
{
    private readonly List<string> _failures = [];

    public CaseResult Run()
    {
        using JsonDocument test = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement root = test.RootElement;
        string policies = File.ReadAllText(PathOf(root, "policies"));
        if (!PolicyParser.TryParse(policies, out PolicyText? text, out ImmutableArray<SyntaxError> errors))
        {
            LineMap lines = new(policies);
            return Failed($"policies: {lines.PositionOf(errors[0].Span.Start)}: {errors[0].Message}");
        }

        SchemaReading schema = PolicySchema.Parse(File.ReadAllText(PathOf(root, "schema")));
        if (!EntityJson.TryParse(File.ReadAllBytes(PathOf(root, "entities")), schema.Schema?.Shapes, out ImmutableArray<EntityData> given, out JsonFault? fault)) return Failed($"entities: {fault}");
        if (!EntityStore.TryCreate(given, out EntityStore? entities, out string? error)) return Failed($"entities: {error}");
        PolicySet set = PolicySet.Compile(text);
        int checks = 0;
        foreach (JsonElement request in root.GetProperty("requests").EnumerateArray())
        {
            checks++;
            Check(set, entities, request);
        }

        return new CaseResult(checks, _failures);
    }

    private void Check(PolicySet set, EntityStore entities, JsonElement expected)
    {
        string name = expected.GetProperty("description").GetString()!;
        if (!RequestJson.TryParse(JsonSerializer.SerializeToUtf8Bytes(expected), null, out AuthorizationRequest? request, out JsonFault? fault))
        {
            _failures.Add($"{name}: {fault}");
            return;
        }

        AuthorizationDecision decision = set.Decide(request, entities);
        Same(name, "decision", expected.GetProperty("decision").GetString()!, decision.IsAllowed ? "allow" : "deny");
        Same(name, "reason", Ids(expected, "reason"), Ids(decision.Reasons));
        Same(name, "errors", Ids(expected, "errors"), Ids(decision.Errors.Select(error => error.PolicyId)));
    }

    private void Same(string request, string what, string expected, string actual)
    {
        if (!string.Equals(expected, actual, StringComparison.Ordinal)) _failures.Add($"{request}: {what} is {actual}, not {expected}");
    }

    private CaseResult Failed(string message)
    {
        _failures.Add(message);
        return new CaseResult(0, _failures);
    }

    private string PathOf(JsonElement root, string member) => CedarSuite.FileOf(file, root.GetProperty(member).GetString()!);

    private static string Ids(JsonElement expected, string member) => Ids(expected.GetProperty(member).EnumerateArray().Select(id => id.GetString()!));

    private static string Ids(IEnumerable<string> ids) => string.Join(' ', ids.Order(StringComparer.Ordinal));
}
