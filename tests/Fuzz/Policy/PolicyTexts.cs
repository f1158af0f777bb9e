using FsCheck;
using FsCheck.Fluent;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Texts of policies over the few names of <see cref="Worlds"/>, so that scopes often match, conditions often hold, and some fail.</summary>
internal static class PolicyTexts
{
    /// <summary>Conditions that often decide something.</summary>
    private static readonly string[] Conditions =
    [
        "true", "false", "context.n > 1", "context has n && context.n + 1 == 3", "context.missing", "principal.level >= resource.level", "resource.owner == principal",
        "principal.level * 9223372036854775807 > 0", "\"no bool\"", "principal in resource.readers", "context.words.containsAny([\"a\", \"b\"])", "1 < \"a\"",
        "principal is User && principal.level == 1", "if context.n == 2 then resource in Group::\"1\" else principal in [Group::\"2\", Group::\"3\"]",
        "ip(context.address).isLoopback()", "decimal(\"1.0\").lessThan(decimal(context.address))", "principal.hasTag(\"t\") && principal.getTag(\"t\") like \"x*\"",
        "{a: context.n} == {a: 2}", "action in Action::\"all\"", "resource == Group::\"0\" || resource.level < 2",
    ];

    private static readonly string[] Atoms =
    [
        "principal", "action", "resource", "context", "true", "false", "1", "-9223372036854775808", "9223372036854775807", "\"a\"", "\"*\\n\\u{1F600}\"", "User::\"0\"", "Group::\"1\"",
        "ip(\"10.0.0.0/8\")", "decimal(\"1.5\")", "datetime(\"2024-01-01\")", "duration(\"-1h\")", "[]", "{}", "principal.level", "resource.readers", "context.words", "context.n", "principal.gone", "ip(\"x\")",
    ];

    /// <summary>One policy, perhaps with comments in it. All can be parsed.</summary>
    public static Gen<string> Policies =>
        from effect in Gen.Elements("permit", "permit", "forbid")
        from principal in Scope("principal")
        from action in Gen.Elements(
            "action", "action", "action == Action::\"read\"", "action in Action::\"all\"", "action in [Action::\"read\", Action::\"all\"]", "action in [Action::\"write\", Action::\"write\"]", "action in []")
        from resource in Scope("resource")
        from kinds in Gen.Choose(0, 3)
        from first in Condition
        from second in Condition
        from comment in Gen.Elements("", "", "// first\n", "// why \"quoted\n")
        select $"{comment}{effect}({principal}, {comment}{action}, {resource}){When(kinds > 0, "when", first, comment)}{When(kinds > 2, "unless", second, comment)};\n";

    /// <summary>Up to a dozen of them.</summary>
    public static Gen<string> Sets =>
        from count in Gen.Choose(0, 12)
        from policies in Gen.ArrayOf(Policies, count)
        select string.Concat(policies);

    private static Gen<string> Condition => Gen.OneOf(Gen.Elements(Conditions), Gen.Elements(Conditions), Gen.Elements(Conditions), Gen.Choose(0, 12).SelectMany(Expressions));

    /// <summary>Any expression, most of them with operands of wrong types.</summary>
    private static Gen<string> Expressions(int size)
    {
        if (size == 0) return Gen.Elements(Atoms);
        Gen<string> part = Expressions(size / 2);
        return Gen.OneOf(
            Gen.Elements(Atoms),
            from op in Gen.Elements("&&", "||", "+", "-", "*", "==", "!=", "<", "<=", ">", ">=", "in") from a in part from b in part select $"({a}) {op} ({b})",
            from method in Gen.Elements("contains", "containsAll", "containsAny", "hasTag", "getTag", "isInRange", "lessThan", "offset") from a in part from b in part select $"({a}).{method}({b})",
            from method in Gen.Elements("isEmpty", "isIpv4", "toDate", "toTime", "toDays") from a in part select $"({a}).{method}()",
            from a in part from b in part from c in part select $"if {a} then {b} else {c}",
            from prefix in Gen.Elements("!", "-", "!!") from a in part select $"{prefix}({a})",
            from suffix in Gen.Elements("has level", "has owner.level", "has \"x y\"", "like \"a*\\*b\"", "is User", "is User in Group::\"1\"") from a in part select $"({a}) {suffix}",
            from a in part from b in part select $"[{a}, {b}]",
            from a in part from b in part select $"{{ n: {a}, \"x y\": {b} }}");
    }

    private static Gen<string> Scope(string variable) =>
        from type in Gen.Elements("User", "Group")
        from i in Gen.Choose(0, 3)
        from text in Gen.Elements(variable, variable, $"{variable} == {type}::\"{i}\"", $"{variable} in {type}::\"{i}\"", $"{variable} is {type}", $"{variable} is {type} in Group::\"{i}\"")
        select text;

    private static string When(bool isThere, string kind, string condition, string comment) => isThere ? $" {kind} {{ {condition} {comment}}}" : "";
}
