using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Unit.Policy.Schema;

public sealed class JsonSchemaTests
{
    private const string Album = """
        {
          "App": {
            "commonTypes": { "Name": { "type": "String", "annotations": { "doc": "a name" } } },
            "entityTypes": {
              "User": {
                "memberOfTypes": ["Team"],
                "shape": { "type": "Record", "attributes": {
                  "name": { "type": "Name" },
                  "boss": { "type": "Entity", "name": "User", "required": false },
                  "ips": { "type": "Set", "element": { "type": "Extension", "name": "ipaddr" } },
                  "either": { "type": "EntityOrCommon", "name": "Long" },
                  "flag": { "type": "Boolean" }
                } },
                "tags": { "type": "Long" }
              },
              "Team": {},
              "Colour": { "enum": ["red"] }
            },
            "actions": {
              "all": {},
              "view": {
                "memberOf": [{ "id": "all" }],
                "appliesTo": { "principalTypes": ["User"], "resourceTypes": ["Team", "App::Colour"], "context": { "type": "Record", "attributes": {} } }
              }
            }
          }
        }
        """;

    private const string AlbumText = """
        namespace App {
          type Name = String;
          entity User in Team { name: Name, boss?: User, ips: Set<ipaddr>, either: Long, flag: Bool } tags Long;
          entity Team;
          entity Colour enum ["red"];
          action all;
          action view in all appliesTo { principal: User, resource: [Team, App::Colour], context: {} };
        }
        """;

    [Fact]
    public void Both_forms_of_a_schema_mean_the_same()
    {
        PolicySchema json = Given.JsonSchema(Album);
        PolicySchema text = Given.Schema(AlbumText);

        Assert.Equal(text.EntityTypes.Select(Described), json.EntityTypes.Select(Described));
        Assert.Equal(text.Actions.Select(Described), json.Actions.Select(Described));
        Assert.Equal([new EntityUid("App::Action", "all")], json.FindAction(new EntityUid("App::Action", "view"))!.Ancestors);
    }

    [Theory]
    [InlineData("""{ "": { "actions": {} } }""", "{")]
    [InlineData("""{ "": { "entityTypes": {}, "actions": {}, "other": 1 } }""", "\"other\"")]
    [InlineData("""{ "": { "entityTypes": { "A": {}, "A": {} }, "actions": {} } }""", "\"A\"")]
    [InlineData("""{ "": { "entityTypes": { "A": { "shape": { "type": "Long" } } }, "actions": {} } }""", "\"Long\"")]
    [InlineData("""{ "": { "entityTypes": { "A": { "enum": [] } }, "actions": {} } }""", "{")]
    [InlineData("""{ "": { "entityTypes": { "A": { "enum": ["x"], "tags": { "type": "Long" } } }, "actions": {} } }""", "\"tags\"")]
    [InlineData("""{ "": { "entityTypes": { "a b": {} }, "actions": {} } }""", "\"a b\"")]
    [InlineData("""{ "a b": { "entityTypes": {}, "actions": {} } }""", "\"a b\"")]
    [InlineData("""{ "": { "entityTypes": { "A": { "tags": { "type": "Set" } } }, "actions": {} } }""", "{")]
    [InlineData("""{ "": { "entityTypes": { "A": { "tags": { "type": "Long", "name": "x" } } }, "actions": {} } }""", "\"name\"")]
    [InlineData("""{ "": { "entityTypes": { "A": { "tags": { "type": "A" } } }, "actions": {} } }""", "\"A\"")]
    [InlineData("""{ "": { "entityTypes": { "A": { "tags": { "type": "Extension", "name": "float" } } }, "actions": {} } }""", "\"float\"")]
    [InlineData("""{ "": { "entityTypes": { "A": { "shape": { "type": "Record", "attributes": {}, "additionalAttributes": true } } }, "actions": {} } }""", "true")]
    [InlineData("""{ "": { "entityTypes": {}, "actions": { "a": { "attributes": { "x": 1 } } } } }""", "{")]
    [InlineData("""{ "": { "entityTypes": {}, "actions": { "a": { "memberOf": [{ "id": "b" }] } } } }""", "\"b\"")]
    [InlineData("""{ "": { "entityTypes": {}, "actions": { "ä": { "appliesTo": { "principalTypes": ["Nö"], "resourceTypes": [] } } } } }""", "\"Nö\"")]
    public void What_the_JSON_form_does_not_allow_is_shown(string json, string culprit) => Assert.Equal(culprit, Given.JsonCulprits(json).First());

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ // comment\n }")]
    [InlineData("{} {}")]
    [InlineData("{ \"\": { \"entityTypes\": {}, \"actions\": {} }, }")]
    [InlineData("{ \"\\ud800\": {} }")]
    public void What_is_no_JSON_object_is_refused(string json) => Assert.NotEmpty(PolicySchema.ParseJson(json).Errors);

    [Fact]
    public void JSON_nested_too_deep_is_refused_without_a_stack_overflow() =>
        Assert.NotEmpty(PolicySchema.ParseJson(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).Errors);

    private static string Described(SchemaEntityType type) =>
        $"{type.Name} {type.Attributes} {type.Attributes.Find("ips")?.Type} {type.Tags} {string.Join(',', type.Ids ?? [])} {string.Join(',', type.Ancestors)}";

    private static string Described(SchemaAction action) =>
        $"{action.Uid} {string.Join(',', action.PrincipalTypes)} {string.Join(',', action.ResourceTypes)} {action.Context} {string.Join(',', action.Ancestors)}";
}
