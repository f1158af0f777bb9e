using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Whatever a text holds: a schema, or errors that have a place in it. Whatever a schema and a policy hold: a report. Never an exception.</summary>
public sealed class SchemaProperties
{
    private const string Text = """
        @doc("x") namespace App { type Name = String; entity User in [Team] = { name: Name, boss?: User, "a b": Set<ipaddr> } tags Set<Long>; entity Team, Org;
        entity Colour enum ["red", "green"]; action all; action view, edit in [all] appliesTo { principal: [User, Team], resource: Org, context: { mfa: Bool, ip?: ipaddr } }; }
        """;

    private const string Json = """
        { "App": { "commonTypes": { "N": { "type": "String" } }, "entityTypes": { "User": { "memberOfTypes": ["Team"], "shape": { "type": "Record", "attributes":
        { "n": { "type": "N", "required": false }, "s": { "type": "Set", "element": { "type": "Entity", "name": "User" } } } }, "tags": { "type": "Long" } }, "Team": {}, "C": { "enum": ["r"] } },
        "actions": { "all": {}, "view": { "memberOf": [{ "id": "all" }], "appliesTo": { "principalTypes": ["User"], "resourceTypes": ["Team"], "context": { "type": "Record", "attributes": {} } } } } } }
        """;

    private const string Policy = """
        permit(principal is App::User in App::Team::"a", action in [App::Action::"all"], resource) when { principal has boss.boss.name && principal.boss["name"] like "a*" && context has ip };
        forbid(principal, action, resource in ?resource) unless { if context.mfa then principal.hasTag("t") && principal.getTag("t").contains(1 + 2 * -3) else ip("::1") == ip("::1") || [1].isEmpty() };
        """;

    private static readonly string[] Pieces =
    [
        "entity ", "action ", "type ", "namespace ", "in ", "appliesTo ", "enum ", "tags ", "Set<", ">", "{", "}", "[", "]", "(", ")", ",", ";", ":", "::", "?", "=", "@", "\"", "\\", "\\u{", "//", "\n", " ",
        "App", "User", "App::User", "Team", "Bool", "__cedar", "__cedar::Bool", "Action", "Record", "principal", "resource", "context", "true", "null", "1", "-", "\"type\": ", "\"Set\"", "\"name\"", "\"enum\": []",
        " has ", " && ", " || ", "!", " == ", ".contains(", ".x", " is ", "if ", " then ", " else ", "ip(", "\0", "é", "\u2028", "\ud800", "\ud83d\ude00",
    ];

    [Fact]
    public void Every_text_becomes_a_schema_or_errors() =>
        Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), Judge).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithEndSize(60));

    [Fact]
    public void A_good_schema_with_parts_replaced_becomes_a_schema_or_errors() =>
        Prop.ForAll(Changed(Text).ToArbitrary(), Judge).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_good_JSON_schema_with_parts_replaced_becomes_a_schema_or_errors() =>
        Prop.ForAll(Changed(Json).ToArbitrary(), Judge).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Changed_policies_are_validated_against_changed_schemas() =>
        Prop.ForAll(Changed(Text).ToArbitrary(), Changed(Policy).ToArbitrary(), (schema, policy) =>
        {
            PolicySchema against = PolicySchema.Parse(schema).Schema ?? PolicySchema.Parse(Text).Schema!;
            if (!PolicyParser.TryParse(policy, out PolicyText? text, out ImmutableArray<SyntaxError> _)) return;
            foreach (ValidationNotice error in PolicyValidator.Validate(against, text).Errors) Assert.InRange(error.Span.End, 0, policy.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static Gen<string> Changed(string good) =>
        from at in Gen.Choose(0, good.Length - 1)
        from length in Gen.Choose(0, 12)
        from piece in Gen.Elements(Pieces)
        select good.Remove(at, Math.Min(length, good.Length - at)).Insert(at, piece);

    private static void Judge(string text)
    {
        Judge(PolicySchema.Parse(text), text);
        Judge(PolicySchema.ParseJson(text), text);
    }

    private static void Judge(SchemaReading reading, string text)
    {
        Assert.Equal(reading.Schema is null, !reading.Errors.IsEmpty);
        foreach (SchemaNotice notice in reading.Errors.Concat(reading.Warnings))
        {
            Assert.InRange(notice.Span.Start, 0, text.Length);
            Assert.InRange(notice.Span.End, notice.Span.Start, text.Length);
        }
    }
}
