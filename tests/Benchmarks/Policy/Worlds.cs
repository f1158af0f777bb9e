using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Benchmarks.Policy;

/// <summary>Policies, entities and requests to decide; most policies are meant for others than the caller, as they are in life.</summary>
internal static class Worlds
{
    public static EntityUid Alice { get; } = new("User", "alice");

    public static EntityUid Read { get; } = new("Action", "read");

    public static EntityUid Folder { get; } = new("Folder", "reports");

    public static EntityUid Team { get; } = new("Team", "support");

    public static IpRange Office { get; } = IpRange.TryParse("10.0.0.0/8", out IpRange? range) ? range! : throw new InvalidOperationException();

    public static PolicySet Simple(int count) => Compile(count, i => $$"""
        permit(principal == User::"{{(i == 0 ? "alice" : $"user{i}")}}", action == Action::"read", resource in Folder::"reports") when { context.mfa };
        """);

    /// <summary>The first three look at the caller: two permits by team, a forbid by folder; of the others each is about a team of its own.</summary>
    public static PolicySet Rich(int count) => Compile(count, i => i switch
    {
        1 => """
            permit(principal in Team::"all", action in [Action::"read", Action::"list"], resource in Folder::"reports")
            when { resource has owner && resource.owner == principal };
            """,
        2 => """
            forbid(principal, action, resource in Folder::"reports")
            when { principal.suspended || (context.session has revoked && context.session.revoked) };
            """,
        _ => $$"""
            permit(principal in Team::"{{(i == 0 ? "support" : $"team{i}")}}", action in [Action::"read", Action::"list"], resource in Folder::"reports")
            when { context.address.isInRange(ip("10.0.0.0/8")) && context.risk.lessThan(decimal("0.5")) }
            when { context.session.level >= resource.level && resource.purposes.containsAny(["support", "audit"]) }
            unless { principal.suspended };
            """,
    });

    public static (AuthorizationRequest Request, EntityStore Entities) SimpleRequest() =>
        (Request("""{"principal":{"type":"User","id":"alice"},"action":{"type":"Action","id":"read"},"resource":{"type":"Folder","id":"reports"},"context":{"mfa":true}}"""), EntityStore.Empty);

    public static (AuthorizationRequest Request, EntityStore Entities) RichRequest()
    {
        const string Entities = """
            [
              {"uid":{"type":"User","id":"alice"},"attrs":{"suspended":false},"parents":[{"type":"Team","id":"support"},{"type":"Team","id":"night"}]},
              {"uid":{"type":"Team","id":"support"},"attrs":{},"parents":[{"type":"Team","id":"all"}]},
              {"uid":{"type":"Team","id":"night"},"attrs":{},"parents":[{"type":"Team","id":"all"}]},
              {"uid":{"type":"File","id":"q3"},"attrs":{"level":2,"purposes":["support","billing"],"owner":{"__entity":{"type":"User","id":"bob"}}},
               "parents":[{"type":"Folder","id":"2026"}]},
              {"uid":{"type":"Folder","id":"2026"},"attrs":{},"parents":[{"type":"Folder","id":"reports"}]}
            ]
            """;
        const string Question = """
            {"principal":{"type":"User","id":"alice"},"action":{"type":"Action","id":"read"},"resource":{"type":"File","id":"q3"},
             "context":{"address":{"__extn":{"fn":"ip","arg":"10.1.2.3"}},"risk":{"__extn":{"fn":"decimal","arg":"0.25"}},"session":{"level":3,"revoked":false}}}
            """;
        return EntityJson.TryParse(Encoding.UTF8.GetBytes(Entities), out EntityStore? store, out JsonFault? fault) ? (Request(Question), store) : throw new InvalidOperationException(fault.ToString());
    }

    private static AuthorizationRequest Request(string json) =>
        RequestJson.TryParse(Encoding.UTF8.GetBytes(json), null, out AuthorizationRequest? request, out JsonFault? fault) ? request : throw new InvalidOperationException(fault.ToString());

    private static PolicySet Compile(int count, Func<int, string> policy) =>
        PolicyParser.TryParse(string.Join('\n', Enumerable.Range(0, count).Select(policy)), out PolicyText? text, out ImmutableArray<SyntaxError> errors)
            ? PolicySet.Compile(text)
            : throw new InvalidOperationException(errors[0].ToString());
}
