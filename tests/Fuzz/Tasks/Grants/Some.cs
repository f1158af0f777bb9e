using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Fuzz.Tasks.Grants;

/// <summary>Grants from a small world in which everything nearly matches: segment boundaries, spellings, absent lists, one use less, equal details in another order.</summary>
internal static class Some
{
    private static readonly string[] Types = ["repo", "desk"];
    private static readonly string[] Actions = ["read", "write", "Read"];
    private static readonly string[] Places =
    [
        "https://h", "https://h/", "https://h/repo", "https://h/repo/x", "https://h/repo/xy", "https://h/repo/x/y", "HTTPS://H:443/repo/x", "https://h:8443/repo/x", "https://h/Repo/x",
        "https://h.evil/repo/x", "http://h/repo/x", "http://h:80/repo", "spiffe://td/a", "spiffe://td/a/b", "spiffe://td/ab",
    ];

    private static readonly string[] Datatypes = ["source", "diff"];
    private static readonly string[] Audiences = ["a", "b"];

    /// <summary>Details with and without counts and steps.</summary>
    public static Gen<AuthorizationDetails> Grant => Of(counted: true, steps: true);

    /// <summary>Details with neither: there a greatest lower bound exists.</summary>
    public static Gen<AuthorizationDetails> Plain => Of(counted: false, steps: false);

    /// <summary>Questions of the same world.</summary>
    public static Gen<ActionQuestion> Question =>
        from type in Gen.Elements(Types[0], Types[0], Types[1])
        from action in Gen.Elements(Actions)
        from place in Gen.Elements<string?>([null, .. Places])
        from datatype in Gen.Elements<string?>([null, null, null, null, null, null, .. Datatypes])
        from audience in Gen.Elements<string?>([null, null, null, null, null, null, .. Audiences])
        from identifier in Gen.Elements<string?>(null, null, null, "7")
        from sensitivity in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 2)))
        from parameters in Gen.Elements("", "{}", "{\"n\":5}", "{\"n\":11}", "{\"n\":\"5\"}", "{\"n\":5.0,\"m\":\"eu\"}", "{\"m\":\"us\"}")
        select new ActionQuestion
        {
            Type = type,
            Action = action,
            Location = place is null ? null : GrantLocation.Parse(place),
            Datatype = datatype,
            Audience = audience,
            Identifier = identifier,
            Sensitivity = (Sensitivity)sensitivity,
            Parameters = ActionParameters.TryParse(Encoding.UTF8.GetBytes(parameters), out ActionParameters? read) ? read : throw new InvalidOperationException(),
        };

    /// <summary>JSON of details: what is written is always valid, and mostly not canonical.</summary>
    public static Gen<string[]> Json(bool counted, bool steps) =>
        from count in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Constant(1)), (5, Gen.Choose(2, 4)))
        from details in Gen.ArrayOf(Detail(counted, steps), count)
        select details;

    /// <summary>Two grants of which the second often grants the first, or nearly.</summary>
    public static Gen<(AuthorizationDetails, AuthorizationDetails)> Pair =>
        Gen.Frequency(
            (2, from a in Grant from b in Grant select (a, b)),
            (2, from a in Grant from b in Grant select (AuthorizationDetails.Meet(a, b), a)),
            (1, from a in Json(true, false) from b in Json(true, false) select (Joined(a), Joined([.. a, .. b]))));

    public static AuthorizationDetails Joined(IEnumerable<string> details)
    {
        string json = $"[{string.Join(',', details)}]";
        return AuthorizationDetails.TryParse(Encoding.UTF8.GetBytes(json), out AuthorizationDetails? parsed, out GrantFault? fault) ? parsed
            : fault.Rule == GrantRule.Sequence ? AuthorizationDetails.None : throw new InvalidOperationException($"{fault} in {json}");
    }

    private static Gen<AuthorizationDetails> Of(bool counted, bool steps) => from details in Json(counted, steps) select Joined(details);

    private static Gen<string> Detail(bool counted, bool steps) =>
        from type in Gen.Elements(Types[0], Types[0], Types[1])
        from actions in List(Actions, mayBeEmpty: false)
        from places in List(Places, mayBeEmpty: true)
        from datatypes in Sparse(List(Datatypes, mayBeEmpty: true))
        from audiences in Sparse(List(Audiences, mayBeEmpty: true))
        from sensitivity in Gen.Elements("", "", "\"sensitivity\":\"public\",", "\"sensitivity\":\"internal\",", "\"sensitivity\":\"confidential\",")
        from identifier in Gen.Elements("", "", "", "\"identifier\":\"*\",", "\"identifier\":\"7\",")
        from constraints in Constraints(counted, steps)
        let optional = string.Concat(datatypes is "" ? "" : $"\"datatypes\":{datatypes},", audiences is "" ? "" : $"\"audiences\":{audiences},", identifier, sensitivity)
        select $"{{ \"locations\":{places}, {optional} \"constraints\":{{{constraints}}}, \"actions\":{actions},\"type\":\"{type}\"}}";

    private static Gen<string> Sparse(Gen<string> list) => Gen.Frequency((3, Gen.Constant("")), (1, list));

    private static Gen<string> List(string[] names, bool mayBeEmpty) =>
        from any in Gen.Choose(0, 5)
        from count in Gen.Choose(mayBeEmpty ? 0 : 1, 3)
        from items in Gen.ArrayOf(Gen.Elements(names), count)
        select any == 0 ? "[\"*\"]" : $"[{string.Join(',', items.Select(item => $"\"{item}\""))}]";

    private static Gen<string> Constraints(bool counted, bool steps) =>
        from uses in Gen.Choose(0, counted ? 6 : 0)
        from order in Gen.Frequency((steps ? 1 : 0, Gen.Choose(1, 2)), (5, Gen.Constant(0)))
        from end in Gen.Elements("", "", "", "\"not_after\":1000", "\"not_after\":2000")
        from range in Gen.Elements("", "", "", "\"n\":{\"max\":10}", "\"n\":{\"min\":1.50,\"max\":10.0}", "\"n\":{\"min\":11}")
        from values in Gen.Elements("", "", "", "\"m\":[\"eu\",\"us\",\"eu\"]", "\"m\":[\"eu\"]", "\"n\":[5,5.0,\"5\"]")
        select string.Join(',', new[]
        {
            uses == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\"max_uses\":{uses}"), order == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\"order\":{order}"),
            end, range is "" ? "" : $"\"ranges\":{{{range}}}", values is "" ? "" : $"\"in\":{{{values}}}",
        }.Where(part => part.Length > 0));
}
