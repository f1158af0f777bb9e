using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Tests.Conformance.Policy;

/// <summary>
/// A case of the Cedar project: reads its schema, validates its policies, its entities and each of its requests, and compares with what it says. Where
/// all are valid, decides: then no policy may fail but by what validation does not promise to find.
/// </summary>
/// <param name="file">The case.</param>
internal sealed class CedarValidationCase(string file)
{
    private readonly List<string> _failures = [];

    public CaseResult Run()
    {
        using JsonDocument test = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement root = test.RootElement;
        SchemaReading reading = PolicySchema.Parse(File.ReadAllText(PathOf(root, "schema")));
        if (reading.Schema is not { } schema) return Failed($"schema: {reading.Errors[0]}");

        PolicySet? valid = Policies(schema, root);
        EntityStore? entities = Entities(schema, root);
        int requests = 0;
        foreach (JsonElement expected in root.GetProperty("requests").EnumerateArray())
        {
            requests++;
            if (Request(schema, expected) is { } request && valid is not null && entities is not null) Soundness(valid.Decide(request, entities), expected);
        }

        return new CaseResult(requests, _failures);
    }

    /// <summary>The policies, where they are valid.</summary>
    private PolicySet? Policies(PolicySchema schema, JsonElement root)
    {
        if (!PolicyParser.TryParse(File.ReadAllText(PathOf(root, "policies")), out PolicyText? text, out ImmutableArray<SyntaxError> errors))
        {
            _failures.Add($"policies: {errors[0]}");
            return null;
        }

        ValidationReport report = PolicyValidator.Validate(schema, text);
        Same("policies", root.GetProperty("shouldValidate").GetBoolean(), report.Errors);
        return report.IsValid ? PolicySet.Compile(text) : null;
    }

    /// <summary>The reference loads entities against the schema, so all of them conform.</summary>
    private EntityStore? Entities(PolicySchema schema, JsonElement root)
    {
        if (!EntityJson.TryParse(File.ReadAllBytes(PathOf(root, "entities")), schema.Shapes, out ImmutableArray<EntityData> given, out JsonFault? fault)) _failures.Add($"entities: {fault}");
        else if (!EntityStore.TryCreate(given, out EntityStore? store, out string? error)) _failures.Add($"entities: {error}");
        else
        {
            Same("entities", true, EntityValidator.Validate(schema, store));
            return store;
        }

        return null;
    }

    /// <summary>The request, where it conforms.</summary>
    private AuthorizationRequest? Request(PolicySchema schema, JsonElement expected)
    {
        string name = expected.GetProperty("description").GetString()!;
        bool conforms = !expected.TryGetProperty("validateRequest", out JsonElement says) || says.GetBoolean();
        if (!RequestJson.TryParse(JsonSerializer.SerializeToUtf8Bytes(expected), schema.Shapes.ContextOf, out AuthorizationRequest? request, out JsonFault? fault))
        {
            _failures.Add($"{name}: {fault}");
            return null;
        }

        Same(name, conforms, RequestValidator.Validate(schema, request));
        return conforms ? request : null;
    }

    /// <summary>What validation promises: nothing goes wrong but arithmetic and entities that are not there.</summary>
    private void Soundness(AuthorizationDecision decision, JsonElement expected)
    {
        foreach (PolicyError error in decision.Errors)
            if (error.Error.Kind is not (EvaluationErrorKind.Overflow or EvaluationErrorKind.EntityMissing))
                _failures.Add($"{expected.GetProperty("description").GetString()}: {error.PolicyId} is valid, and still {error.Error.Message}");
    }

    private void Same<T>(string what, bool valid, ImmutableArray<T> faults)
    {
        if (faults.IsEmpty != valid) _failures.Add($"{what}: {(valid ? $"refused: {faults[0]}" : "passed, but should not")}");
    }

    private CaseResult Failed(string message)
    {
        _failures.Add(message);
        return new CaseResult(0, _failures);
    }

    private string PathOf(JsonElement root, string member) => CedarSuite.FileOf(file, root.GetProperty(member).GetString()!);
}
