using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Texts of policies, most of them correct, over few names so that they meet.</summary>
internal static class PolicyTexts
{
    private static Gen<string> Atoms => Gen.Elements(
        "principal", "resource", "context", "true", "false", "1", "-9223372036854775808", "9223372036854775807", "\"a\"", "\"*\\n\\u{1F600}\"", "U::\"a\"", "G::\"g\"",
        "ip(\"10.0.0.0/8\")", "decimal(\"1.5\")", "datetime(\"2024-01-01\")", "duration(\"-1h\")", "[]", "{}", "principal.n", "context.s", "principal.gone", "ip(\"x\")");

    private static Gen<string> Expressions(int size)
    {
        if (size == 0) return Atoms;
        Gen<string> part = Expressions(size / 2);
        return Gen.OneOf(
            Atoms,
            from op in Gen.Elements("&&", "||", "+", "-", "*", "==", "!=", "<", "<=", ">", ">=", "in") from a in part from b in part select $"({a}) {op} ({b})",
            from method in Gen.Elements("contains", "containsAll", "containsAny", "hasTag", "getTag", "isInRange", "lessThan", "offset") from a in part from b in part select $"({a}).{method}({b})",
            from method in Gen.Elements("isEmpty", "isIpv4", "toDate", "toTime", "toDays") from a in part select $"({a}).{method}()",
            from a in part from b in part from c in part select $"if {a} then {b} else {c}",
            from prefix in Gen.Elements("!", "-", "!!") from a in part select $"{prefix}({a})",
            from suffix in Gen.Elements("has n", "has s.t", "has \"x y\"", "like \"a*\\*b\"", "is U", "is U in G::\"g\"") from a in part select $"({a}) {suffix}",
            from a in part from b in part select $"[{a}, {b}]",
            from a in part from b in part select $"{{ n: {a}, \"x y\": {b} }}");
    }

    /// <summary>One policy, perhaps with comments in it.</summary>
    public static Gen<string> Policies =>
        from effect in Gen.Elements("permit", "forbid")
        from principal in Gen.Elements("principal", "principal == U::\"a\"", "principal in G::\"g\"", "principal is U", "principal is U in G::\"top\"", "principal == U::\"b\"")
        from action in Gen.Elements("action", "action == Action::\"a\"", "action in [Action::\"all\", Action::\"a\"]", "action in []")
        from resource in Gen.Elements("resource", "resource is R", "resource == R::\"r\"", "resource in R::\"r\"")
        from kind in Gen.Elements("when", "unless")
        from size in Gen.Choose(0, 12)
        from expression in Expressions(size)
        from comment in Gen.Elements("", "", "// first\n", "// why \"quoted\n")
        select $"{comment}{effect}({principal}, {comment}{action}, {resource}) {kind} {{ {expression} {comment}}};\n";

    /// <summary>Up to eight of them.</summary>
    public static Gen<string[]> Sets => Policies.ArrayOf().Resize(8);

    /// <summary>A text with some of its characters changed, left out or doubled.</summary>
    public static Gen<string> Mutated =>
        from policies in Sets
        from edits in (from at in Gen.Choose(0, 10_000) from c in Gen.Elements('(', ')', '"', '\\', '{', '}', '.', ':', ';', '\0', '?', '@', '-', '\uD800', 'é', '\n') from kind in Gen.Choose(0, 2) select (at, c, kind)).ArrayOf()
        select edits.Aggregate(string.Concat(policies), Edit);

    private static string Edit(string text, (int At, char Character, int Kind) edit)
    {
        if (text.Length == 0) return edit.Character.ToString(CultureInfo.InvariantCulture);
        int at = edit.At % text.Length;
        return edit.Kind switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, edit.Character.ToString(CultureInfo.InvariantCulture)),
            _ => text.Insert(at, text.Substring(at, Math.Min(20, text.Length - at))),
        };
    }
}
