using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

public sealed class YamlTests
{
    [Theory]
    [InlineData("log: { level: info", "is not valid YAML")]
    [InlineData("log:\n\tlevel: info", "is not valid YAML")]
    [InlineData("log: &a { level: info }", "has an anchor")]
    [InlineData("log: *a", "is an alias")]
    [InlineData("log: !!map { level: info }", "has a tag")]
    [InlineData("log: { level: info }\n---\nlog: {}", "begins a second document")]
    [InlineData("? [ a ]\n: b", "used as a key")]
    [InlineData("log: { level: info, level: debug }", "is given twice: first on line 2")]
    [InlineData("trust_domain: other.org", "is given twice: first on line 1")]
    [InlineData("log: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", "nests deeper than 16 levels")]
    [InlineData("log: { level: \"in\u202efo\" }", "invisible character U+202E")]
    [InlineData("log: { level: info } # \u2028", "invisible character U+2028")]
    [InlineData("log: { level: info\0 }", "invisible character U+0000")]
    public void What_YAML_allows_and_a_configuration_does_not_is_refused(string lines, string problem) =>
        Assert.Contains(Given.Lines(lines).Faults, fault => fault.Problem.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Deep_nesting_costs_neither_stack_nor_patience() =>
        Assert.NotEmpty(Given.Text("a: " + new string('[', 2_000_000)).Faults);

    [Fact]
    public void A_bomb_of_aliases_does_not_go_off() =>
        Assert.Contains("has an anchor", Assert.Single(Given.Text("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n").Faults).Problem, StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_their_places()
    {
        LoadedConfiguration loaded = Given.Text("""
            trust_domain: Exa mple
            log: { level: loud }
            sockets: { admin: { mode: "0777" } }
            zzz: 1
            entries: [ { id: agent, selectors: [ "x" ] } ]
            """);

        Assert.Equal(["trust_domain", "log.level", "sockets.admin.mode", "zzz", "entries[0].selectors[0]"], loaded.Faults.Select(f => f.Key));
        Assert.Equal([1, 2, 3, 4, 5], loaded.Faults.Select(f => f.Line));
    }

    [Fact]
    public void A_fault_reads_like_a_compilers_message()
    {
        ConfigurationFault fault = Given.FaultOf("sockets:\n  admin: { mode: \"0777\" }");

        Assert.Equal(
            "/etc/spiffe-agent/agent.yaml:3:18: sockets.admin.mode: '0777' lets every user of the machine in; end with 0, such as \"0660\", and name a group",
            fault.ToString());
    }

    [Fact]
    public void A_fault_is_one_JSON_object()
    {
        using MemoryStream json = new();
        using (System.Text.Json.Utf8JsonWriter writer = new(json)) Given.FaultOf("log: { level: loud }").WriteTo(writer);

        System.Text.Json.JsonElement read = System.Text.Json.JsonDocument.Parse(json.ToArray()).RootElement;
        Assert.Equal("log.level", read.GetProperty("key").GetString());
        Assert.Equal("loud", read.GetProperty("value").GetString());
        Assert.Equal(2, read.GetProperty("line").GetInt32());
    }

    [Fact]
    public void A_fault_forges_no_line_and_no_colour()
    {
        ConfigurationFault fault = Given.FaultOf("log: { level: \"a\\nb\\e[31m\" }");

        Assert.Equal("a\\u000ab\\u001b[31m", fault.Value);
    }

    [Fact]
    public void A_thousand_faults_are_enough_and_the_rest_is_counted()
    {
        LoadedConfiguration loaded = Given.Lines(string.Concat(Enumerable.Range(0, 1_500).Select(i => $"k{i}: 1\n")));

        Assert.Equal(1_001, loaded.Faults.Length);
        Assert.Contains("has 500 more faults", loaded.Faults[^1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_lacks_a_trust_domain() => Assert.Equal("trust_domain", Assert.Single(Given.Text("").Faults).Key);

    [Theory]
    [InlineData("${LEVEL}", "debug", true)]
    [InlineData("de${HALF}", "debug", true)]
    [InlineData("$LEVEL", "begins nothing", false)]
    [InlineData("${}", "names no variable", false)]
    [InlineData("${1X}", "names no variable", false)]
    [InlineData("${LEVEL", "begins nothing", false)]
    [InlineData("${UNSET}", "takes UNSET from the environment, where it is not set", false)]
    [InlineData("$${LEVEL}", "is not one of the words", false)]
    [InlineData("${AGAIN}", "is not one of the words", false)]
    public void Values_take_from_the_environment_what_is_set_there(string written, string outcome, bool good)
    {
        LoadedConfiguration loaded = Given.Text($"trust_domain: example.org\nlog: {{ level: \"{written}\" }}", ("LEVEL", "debug"), ("HALF", "bug"), ("AGAIN", "${LEVEL}"));

        if (good) Assert.Equal(outcome, loaded.Options!.Log.Level.ToString().ToLowerInvariant());
        else Assert.Contains(outcome, Assert.Single(loaded.Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_from_the_environment_is_never_shown() =>
        Assert.DoesNotContain("s3cret", Assert.Single(Given.Text("trust_domain: \"${PASSWORD}\"", ("PASSWORD", "s3cret!")).Faults).ToString(), StringComparison.Ordinal);
}
