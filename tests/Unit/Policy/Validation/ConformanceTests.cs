using System.Text;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Tests.Unit.Policy.Validation;

public sealed class ConformanceTests
{
    private const string View = """
        { "principal": { "type": "User", "id": "a" }, "action": { "type": "Action", "id": "view" }, "resource": { "type": "Doc", "id": "d" }, "context": CONTEXT }
        """;

    private const string Address = """ "address": { "street": "s" }, "ips": ["::1"], "seen": "2024-01-01" """;

    [Theory]
    [InlineData("""{ "mfa": true }""")]
    [InlineData("""{ "mfa": true, "ip": "::1", "colour": { "type": "Colour", "id": "red" } }""")]
    [InlineData("""{ "mfa": true, "ip": { "__extn": { "fn": "ip", "arg": "::1" } } }""")]
    public void A_request_that_the_schema_allows_conforms(string context) => Assert.Empty(FaultsOf(View.Replace("CONTEXT", context, StringComparison.Ordinal)));

    [Theory]
    [InlineData("{}", "context")]
    [InlineData("""{ "mfa": 1 }""", "context.mfa")]
    [InlineData("""{ "mfa": true, "more": 1 }""", "context")]
    [InlineData("""{ "mfa": true, "ip": 1 }""", "context.ip")]
    [InlineData("""{ "mfa": true, "colour": { "type": "Colour", "id": "blue" } }""", "context.colour")]
    [InlineData("""{ "mfa": true, "colour": { "type": "User", "id": "red" } }""", "context.colour")]
    public void A_context_of_another_type_does_not(string context, string where) =>
        Assert.Equal([where], FaultsOf(View.Replace("CONTEXT", context, StringComparison.Ordinal)).Select(fault => fault.Where));

    [Theory]
    [InlineData("User", "Action", "fly", "Doc", "action")]
    [InlineData("Nobody", "Action", "edit", "Doc", "principal")]
    [InlineData("Machine", "Action", "edit", "Doc", "principal")]
    [InlineData("User", "Action", "edit", "User", "resource")]
    [InlineData("Action", "Action", "edit", "Doc", "principal")]
    public void A_request_to_which_no_action_applies_does_not(string principal, string actionType, string action, string resource, string where)
    {
        string request = $$"""
            { "principal": { "type": "{{principal}}", "id": "a" }, "action": { "type": "{{actionType}}", "id": "{{action}}" }, "resource": { "type": "{{resource}}", "id": "d" } }
            """;

        Assert.Equal([where], FaultsOf(request).Select(fault => fault.Where));
    }

    [Fact]
    public void Entities_that_the_schema_allows_conform() => Assert.Empty(FaultsOfEntities($$"""
        [
          { "uid": { "type": "User", "id": "a" }, "attrs": { "name": "x", "boss": { "type": "User", "id": "b" }, {{Address}} }, "parents": [{ "type": "Team", "id": "t" }], "tags": { "k": ["v"], "e": [] } },
          { "uid": { "type": "Team", "id": "t" }, "attrs": {}, "parents": [{ "type": "Team", "id": "u" }] },
          { "uid": { "type": "Colour", "id": "red" }, "attrs": {}, "parents": [] },
          { "uid": { "type": "Action", "id": "view" }, "attrs": {}, "parents": [{ "type": "Action", "id": "read" }] }
        ]
        """));

    [Theory]
    [InlineData("""{ "uid": { "type": "Nobody", "id": "a" }, "attrs": {}, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Machine", "id": "a" }, "attrs": {}, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Machine", "id": "a" }, "attrs": { "name": 1 }, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Machine", "id": "a" }, "attrs": { "name": "x", "y": 1 }, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Machine", "id": "a" }, "attrs": { "name": "x" }, "parents": [{ "type": "Team", "id": "t" }] }""")]
    [InlineData("""{ "uid": { "type": "Machine", "id": "a" }, "attrs": { "name": "x" }, "parents": [], "tags": { "k": 1 } }""")]
    [InlineData("""{ "uid": { "type": "Doc", "id": "a" }, "attrs": { "owner": { "type": "Machine", "id": "m" }, "readers": [] }, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Doc", "id": "a" }, "attrs": { "owner": { "type": "User", "id": "m" }, "readers": [1] }, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Doc", "id": "a" }, "attrs": { "owner": { "type": "User", "id": "m" }, "readers": [] }, "parents": [], "tags": { "k": 1 } }""")]
    [InlineData("""{ "uid": { "type": "Colour", "id": "blue" }, "attrs": {}, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Action", "id": "fly" }, "attrs": {}, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Action", "id": "view" }, "attrs": {}, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Action", "id": "all" }, "attrs": { "x": 1 }, "parents": [] }""")]
    [InlineData("""{ "uid": { "type": "Action", "id": "all" }, "attrs": {}, "parents": [{ "type": "Action", "id": "read" }] }""")]
    public void Entities_that_it_does_not_allow_are_named(string entity) => Assert.NotEmpty(FaultsOfEntities($"[{entity}]"));

    [Fact]
    public void The_actions_of_a_schema_are_entities_in_their_groups()
    {
        PolicySchema schema = Strict.Read();
        Assert.True(EntityStore.TryCreate(schema.ActionEntities, out EntityStore? store, out string? error), error);

        Assert.Empty(EntityValidator.Validate(schema, store));
        Assert.True(store.IsIn(new("Action", "view"), new("Action", "all")));
    }

    [Fact]
    public void Faults_are_counted_up_to_a_limit()
    {
        string entities = string.Join(',', Enumerable.Range(0, 1_000).Select(n => $$"""{ "uid": { "type": "Nobody", "id": "{{n}}" }, "attrs": {}, "parents": [] }"""));

        Assert.Equal(ValidationLimits.MaxConformanceFaults, FaultsOfEntities($"[{entities}]").Length);
    }

    private static ConformanceFault[] FaultsOf(string request)
    {
        PolicySchema schema = Strict.Read();
        Assert.True(RequestJson.TryParse(Encoding.UTF8.GetBytes(request), schema.Shapes.ContextOf, out AuthorizationRequest? read, out JsonFault? fault), fault?.ToString());
        return [.. RequestValidator.Validate(schema, read)];
    }

    private static ConformanceFault[] FaultsOfEntities(string json)
    {
        PolicySchema schema = Strict.Read();
        Assert.True(EntityJson.TryParse(Encoding.UTF8.GetBytes(json), schema.Shapes, out var entities, out JsonFault? fault), fault?.ToString());
        Assert.True(EntityStore.TryCreate(entities, out EntityStore? store, out string? error), error);
        return [.. EntityValidator.Validate(schema, store)];
    }
}
