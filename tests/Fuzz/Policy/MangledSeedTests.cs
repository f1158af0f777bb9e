using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Policies, entities and requests written by hand and then mangled are read or refused; what is read is decided.</summary>
public sealed class MangledSeedTests
{
    private const string Entities = """
        [{"uid":{"type":"User","id":"a"},"attrs":{"n":1,"ip":{"__extn":{"fn":"ip","arg":"10.0.0.1"}},"s":["x",{"r":{"__entity":{"type":"User","id":"b"}}}]},
          "parents":[{"type":"Group","id":"g"}],"tags":{"t":"v"}},
         {"uid":{"__entity":{"type":"Group","id":"g"}},"attrs":{},"parents":[]}]
        """;

    private const string Request = """
        {"principal":{"type":"User","id":"a"},"action":{"type":"Action","id":"read"},"resource":{"type":"Group","id":"g"},
         "context":{"now":{"__extn":{"fn":"datetime","arg":"2024-10-15T11:35:00Z"}},"risk":{"__extn":{"fn":"decimal","arg":"0.25"}},"a":{"b":{"c":[1,2,[3]]}},"text":"a*b"}}
        """;

    private static readonly string[] Policies =
    [
        """
        @id("one") permit(principal == User::"a", action in [Action::"read", Action::"write"], resource is Group in Group::"g")
        when { principal.n + 1 * 2 - -3 <= 9223372036854775807 && principal["ip"].isInRange(ip("10.0.0.0/8")) } unless { context.a.b.c.contains(9) };
        """,
        """
        forbid(principal in Group::"h", action, resource) when { context.text like "a\*b*" || !(resource has a.b.c) || (if principal.hasTag("t") then principal.getTag("t") == "v" else false) };
        permit(principal is User in ?principal, action == Action::"read", resource == ?resource);
        """,
        """
        permit(principal, action, resource) when { context.now.offset(duration("1d2h3m4s5ms")).durationSince(datetime("2024-01-01")).toDays() > 10 }
        when { {a: 1, "b": [principal, {c: decimal("1.5")}]} != {} && [1, 2].containsAll([context.a.b.c, 1]) && principal is User in [Group::"g"] && [].isEmpty() };
        """,
    ];

    [Fact]
    public void Mangled_policies_are_read_or_refused_and_decided() =>
        Check(Gen.Elements(Policies).SelectMany(Mangled.Of), policies => Survival.Run(policies, Bytes(Entities), Bytes(Request)));

    [Fact]
    public void Mangled_entities_are_read_or_refused_and_decided_with() =>
        Check(Mangled.BytesOf(Entities), entities => Survival.Run(Policies[0] + Policies[2], entities, Bytes(Request)));

    [Fact]
    public void Mangled_requests_are_read_or_refused_and_decided() =>
        Check(Mangled.BytesOf(Request), request => Survival.Run(Policies[0] + Policies[2], Bytes(Entities), request));

    [Fact]
    public void The_seeds_themselves_are_read() => Assert.All(Policies, policies => Assert.True(Survival.Run(policies, Bytes(Entities), Bytes(Request))));

    private static void Check<T>(Gen<T> inputs, Action<T> survives) => Prop.ForAll(Arb.From(inputs), survives).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
