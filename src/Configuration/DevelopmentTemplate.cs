using System.Globalization;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration;

/// <summary>The template of <c>run --dev</c>: for trying tasks out on one machine, as one user. Generous in what and where, bounded in how sensitive and how often.</summary>
internal static class DevelopmentTemplate
{
    /// <summary>Its name, as the quickstart types it.</summary>
    public const string Name = "dev";

    private const string Grants = """
        [
          { "type": "api", "actions": ["*"], "locations": ["*"], "datatypes": ["*"], "identifier": "*", "audiences": ["*"], "sensitivity": "internal", "constraints": { "max_uses": 10000 } },
          { "type": "data", "actions": ["*"], "locations": ["*"], "datatypes": ["*"], "identifier": "*", "audiences": ["*"], "sensitivity": "internal", "constraints": { "max_uses": 10000 } },
          { "type": "tool", "actions": ["*"], "locations": ["*"], "datatypes": ["*"], "identifier": "*", "audiences": ["*"], "sensitivity": "internal", "constraints": { "max_uses": 10000 } }
        ]
        """;

    /// <param name="user">What every process of the user holds.</param>
    /// <param name="uid">The user.</param>
    /// <param name="userName">Its name, where it has one.</param>
    public static TaskTemplate Create(SelectorSet user, uint uid, string? userName) => new()
    {
        Name = Name,
        Owner = userName ?? uid.ToString(CultureInfo.InvariantCulture),
        Purpose = "trying tasks out",
        Starters = user,
        Ceiling = AuthorizationDetails.Parse(Grants),
        Audiences = ["dev"],
        Boundaries = ["local"],
        OnExit = ExitMeaning.ByStatus,
        MaxLive = 100,
        Origin = "dev",
    };
}
