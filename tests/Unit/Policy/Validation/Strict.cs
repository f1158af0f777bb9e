using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Tests.Unit.Policy.Validation;

/// <summary>Policies validated against one small schema.</summary>
internal static class Strict
{
    public const string Schema = """
        entity Team in [Team];
        entity User in [Team] { name: String, age?: Long, boss?: User, address: { street: String, flat?: Long }, ips: Set<ipaddr>, seen: datetime } tags Set<String>;
        entity Machine { name: String };
        entity Doc in [Team] { owner: User, readers: Set<User>, title?: String } tags String;
        entity Colour enum ["red", "green"];
        action all;
        action read, write in [all];
        action view in [read] appliesTo { principal: [User, Machine], resource: [Doc], context: { mfa: Bool, ip?: ipaddr, colour?: Colour } };
        action edit in [write] appliesTo { principal: [User], resource: [Doc], context: {} };
        namespace Other { action list; }
        """;

    public static PolicySchema Read(string schema = Schema)
    {
        SchemaReading reading = PolicySchema.Parse(schema);
        Assert.Empty(reading.Errors);
        return reading.Schema!;
    }

    public static ValidationReport Validate(string policies, PolicySchema? schema = null)
    {
        Assert.True(PolicyParser.TryParse(policies, out PolicyText? text, out ImmutableArray<SyntaxError> errors), string.Join('\n', errors));
        return PolicyValidator.Validate(schema ?? Read(), text);
    }

    /// <summary>A condition of a policy about users who edit documents.</summary>
    public static ValidationReport ValidateCondition(string condition) =>
        Validate($"permit(principal is User, action == Action::\"edit\", resource) when {{ {condition} }};");

    /// <summary>A condition of a policy about users who view documents.</summary>
    public static ValidationReport ValidateViewCondition(string condition) =>
        Validate($"permit(principal is User, action == Action::\"view\", resource) when {{ {condition} }};");
}
