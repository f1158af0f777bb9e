using System.Globalization;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Benchmarks.Deciding;

/// <summary>What a decision costs against 1, 100 and 10,000 policies: a simple request, and one that several policies with conditions match.</summary>
internal static class DecisionSection
{
    public static void Run()
    {
        EntityStore entities = Entities();
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("level", Value.Of(7)), KeyValuePair.Create("path", Value.Of("/srv/data/report.txt")), KeyValuePair.Create("mfa", Value.Of(true))]);
        AuthorizationRequest simple = new(new("User", "u0"), new("Action", "view"), new("Document", "d0"), ValueRecord.Empty);
        AuthorizationRequest typical = new(new("User", "u1"), new("Action", "edit"), new("Document", "d1"), context);
        List<(string, Action)> things = [];
        foreach (int count in (int[])[1, 100, 10_000])
        {
            PolicySet set = Policies(count);
            string policies = count.ToString("N0", CultureInfo.InvariantCulture);
            things.Add(($"simple request, {policies} policies", () => set.Decide(simple, entities)));
            things.Add(($"request with conditions, {policies} policies", () => set.Decide(typical, entities)));
        }

        IReadOnlyList<(string Name, double Microseconds, long Bytes)> results = Stopclock.Measure(2_000, [.. things]);
        foreach ((string name, double microseconds, long bytes) in results) Console.WriteLine($"{name,-48} {microseconds,9:F2} us {bytes,7} B");
    }

    private static PolicySet Policies(int count)
    {
        const string Common = """
            permit(principal in Group::"staff", action in [Action::"edit", Action::"view"], resource is Document)
            when { context has level && context.level > 5 && context.path like "/srv/*.txt" && [1, 7, 9].contains(context.level) }
            unless { resource.owner != principal && !context.mfa };
            """;
        string each = string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"permit(principal == User::\"u{i}\", action == Action::\"view\", resource == Document::\"d{i}\");\n")));
        if (!PolicyParser.TryParse(count == 1 ? Common : Common + each[..each.LastIndexOf("permit", StringComparison.Ordinal)], out PolicyText? text, out _)) throw new InvalidOperationException();
        return PolicySet.Compile(text);
    }

    private static EntityStore Entities()
    {
        List<EntityData> entities = [new(new("Group", "staff"), ValueRecord.Empty, [new("Group", "all")], ValueRecord.Empty)];
        for (int i = 0; i < 100; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            EntityUid user = new("User", $"u{number}");
            entities.Add(new(user, ValueRecord.Empty, [new("Group", "staff")], ValueRecord.Empty));
            entities.Add(new(new("Document", $"d{number}"), ValueRecord.Of([KeyValuePair.Create("owner", Value.Of(user))]), [], ValueRecord.Empty));
        }

        return EntityStore.TryCreate(entities, out EntityStore? store, out string? error) ? store : throw new InvalidOperationException(error);
    }
}
