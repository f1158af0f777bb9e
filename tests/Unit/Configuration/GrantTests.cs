using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary>Grants in YAML: what is wrong with them is told where it stands.</summary>
public sealed class GrantTests
{
    [Theory]
    [InlineData("{ actions: [ read ] }", "type", "this member is missing")]
    [InlineData("{ type: t }", "actions", "this member is missing")]
    [InlineData("{ type: t, actions: [] }", "actions", "names at least one action")]
    [InlineData("{ type: \"*\", actions: [ a ] }", "type", "not everything")]
    [InlineData("{ type: t, actions: [ a, \"b c\" ] }", "actions[1]", "printable ASCII")]
    [InlineData("{ type: t, actions: [ a ], locations: [ \"https://h/a\", \"https://h/a/../b\" ] }", "locations[1]", "is refused")]
    [InlineData("{ type: t, actions: [ a ], sensitivity: secret }", "sensitivity", "public, internal, confidential or restricted")]
    [InlineData("{ type: t, actions: a }", "actions", "must be a list")]
    [InlineData("{ type: t, actions: [ a ], action: [ b ] }", "action", "is no known key")]
    [InlineData("{ type: t, actions: [ a ], constraints: { max_use: 1 } }", "constraints.max_use", "is no known key")]
    [InlineData("{ type: t, actions: [ a ], constraints: { max_uses: 0 } }", "constraints.max_uses", "whole number from 1")]
    [InlineData("{ type: t, actions: [ a ], constraints: { max_uses: 1.5 } }", "constraints.max_uses", "whole number from 1")]
    [InlineData("{ type: t, actions: [ a ], constraints: { max_uses: 1e3 } }", "constraints.max_uses", "is not a number")]
    [InlineData("{ type: t, actions: [ a ], constraints: { not_after: 2027-01-31 } }", "constraints.not_after", "is not a time")]
    [InlineData("{ type: t, actions: [ a ], constraints: { not_after: 2027-01-31T18:00:00 } }", "constraints.not_after", "is not a time")]
    [InlineData("{ type: t, actions: [ a ], constraints: { ranges: { p: { min: 2, max: 1 } } } }", "constraints.ranges.p", "min is not above max")]
    [InlineData("{ type: t, actions: [ a ], constraints: { ranges: { p: { mni: 2, max: 1 } } } }", "constraints.ranges.p.mni", "is no known key")]
    [InlineData("{ type: t, actions: [ a ], constraints: { ranges: { p: { min: 1234567890123456 } } } }", "constraints.ranges.p.min", "at most 15 digits")]
    [InlineData("{ type: t, actions: [ a ], constraints: { in: { p: [] } } }", "constraints.in", "at least one value")]
    [InlineData("{ type: t, actions: [ a ], constraints: { in: { p: [ x, \"\" ] } } }", "constraints.in.p[1]", "visible characters")]
    [InlineData("{ type: t, actions: [ a ], constraints: { order: 2 } }", "constraints.order", "there is no step 1")]
    public void A_fault_of_a_grant_is_told_where_it_stands(string grant, string key, string problem)
    {
        ConfigurationFault fault = Given.FaultOf($"tasks:\n  ceiling:\n    - {grant}");

        Assert.Equal($"tasks.ceiling[0].{key}", fault.Key);
        Assert.Equal(4, fault.Line);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_one_grant_are_judged_together()
    {
        const string Step = "{{ type: t, actions: [ {0} ], constraints: {{ order: {1} }} }}";

        Assert.Empty(Given.Lines($"tasks: {{ ceiling: [ {string.Format(null, Step, "a", 2)}, {string.Format(null, Step, "b", 1)} ] }}").Faults);
        ConfigurationFault fault = Given.FaultOf($"tasks: {{ ceiling: [ {string.Format(null, Step, "a", 1)}, {string.Format(null, Step, "b", 3)} ] }}");
        Assert.Equal("tasks.ceiling[1].constraints.order", fault.Key);
    }

    [Fact]
    public void A_bare_number_is_a_number_and_a_quoted_one_a_text() =>
        Assert.Equal(
            """[{"actions":["a"],"constraints":{"in":{"p":[5,"5","x"]}},"type":"t"}]""",
            Given.Lines("tasks: { ceiling: [ { type: t, actions: [ a ], constraints: { in: { p: [ 5, \"5\", x ] } } } ] }").Options!.Tasks.Ceiling!.ToString());

    [Fact]
    public void A_grant_that_is_over_is_warned_of() =>
        Assert.Equal("tasks.ceiling[0].constraints.not_after", Assert.Single(Given.Lines("tasks: { ceiling: [ { type: t, actions: [ a ], constraints: { not_after: 2020-01-31T18:00:00+01:00 } } ] }").Warnings).Key);

    [Fact]
    public void A_grant_has_a_bounded_number_of_details()
    {
        string many = string.Join(", ", Enumerable.Range(0, 65).Select(i => $"{{ type: t{i}, actions: [ a ] }}"));

        ConfigurationFault fault = Given.FaultOf($"tasks: {{ ceiling: [ {many} ] }}");
        Assert.Equal(("tasks.ceiling", "is refused: there are at most 64 details"), (fault.Key, fault.Problem));
    }
}
