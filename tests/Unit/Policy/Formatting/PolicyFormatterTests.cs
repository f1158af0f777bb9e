using Spiffe.Agent.Policy.Formatting;

namespace Spiffe.Agent.Tests.Unit.Policy.Formatting;

public sealed class PolicyFormatterTests
{
    [Fact]
    public void What_fits_a_line_stays_in_it() => Same(
        "permit (principal, action == Action::\"view\", resource)\nwhen { context.a[\"b c\"].contains(-1) && !{ x: 1 }.x };\n",
        "permit(principal,action==Action::\"view\",resource)when{context . a [\"b c\"].contains(- 1)&& ! {x:1}.x};");

    [Fact]
    public void Policies_are_parted_by_an_empty_line_and_annotations_have_lines_of_their_own() => Same(
        "@id(\"a\")\n@shadow\npermit (principal, action, resource);\n\nforbid (principal, action, resource);\n",
        "@id(\"a\") @shadow permit(principal,action,resource);forbid(principal,action,resource);");

    [Fact]
    public void A_long_line_is_broken_at_its_loosest_operators() => Same(
        """
        permit (principal, action, resource)
        when {
          principal.department == "engineering" && principal.level > 5
          || principal in Group::"administrators of this and every other department"
        };

        """,
        "permit(principal,action,resource)when{principal.department==\"engineering\"&&principal.level>5||principal in Group::\"administrators of this and every other department\"};");

    [Fact]
    public void Every_comment_stays_where_it_was() => Same(
        """
        // head

        // of the policy
        permit ( // scope
          principal, // who
          // what
          action,
          resource
          // nothing more
        )
        when { // why
          true
          // because
        };
        // tail

        """.Replace("};\n// tail", "};\n\n// tail", StringComparison.Ordinal),
        """
        // head


        // of the policy
        permit( // scope
        principal, // who
        // what
        action, resource
        // nothing more
        ) when { // why
          true
          // because
        };
        // tail
        """);

    [Fact]
    public void What_does_not_parse_is_not_touched()
    {
        Assert.False(PolicyFormatter.TryFormat("permit(principal);", out string? formatted, out var errors));
        Assert.Null(formatted);
        Assert.NotEmpty(errors);
    }

    private static void Same(string expected, string source)
    {
        Assert.True(PolicyFormatter.TryFormat(source, out string? formatted, out _));
        Assert.Equal(expected, formatted);
        Assert.True(PolicyFormatter.TryFormat(formatted, out string? twice, out _));
        Assert.Equal(formatted, twice);
    }
}
