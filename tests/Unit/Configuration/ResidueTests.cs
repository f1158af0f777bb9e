using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary><c>residue</c> of a template.</summary>
public sealed class ResidueTests
{
    [Fact]
    public void What_is_written_is_what_it_says()
    {
        ResidueRule rule = Rule("""{ paths: [ "/work/{template}/{task}-{uid}", /tmp ], artifacts: [ "/srv/a" ], environments: user, journal: true, core_dumps: true, max_bytes: 2GiB, max_files: 10, within: 5m }""");

        TaskId task = TaskId.New();
        Assert.Equal([$"/work/t/{task}-1000", "/tmp"], rule.Paths.Select(path => path.For(task, "t", 1000)));
        Assert.Null(rule.Paths[0].For(task, "t", null));
        Assert.Equal("/srv/a", Assert.Single(rule.Artifacts).Text);
        Assert.Equal((SurvivorRule.User, true, true), (rule.Environments, rule.Journal, rule.CoreDumps));
        Assert.Equal((2L << 30, 10, TimeSpan.FromMinutes(5)), (rule.MaxBytes, rule.MaxFiles, rule.Within));
    }

    [Fact]
    public void Without_a_word_survivors_are_looked_at_and_nothing_else()
    {
        ResidueRule rule = Rule("{}");

        Assert.Empty(rule.Paths);
        Assert.Equal((SurvivorRule.Task, false, false), (rule.Environments, rule.Journal, rule.CoreDumps));
    }

    [Theory]
    [InlineData("work", "is not an absolute path")]
    [InlineData("/", "is the whole machine")]
    [InlineData("/proc/1/environ", "holds no files: the kernel makes what is read there")]
    [InlineData("/sys", "holds no files: the kernel makes what is read there")]
    [InlineData("/work/{tsak}", "names a place that is not known")]
    [InlineData("/work/{task", "names a place that is not known")]
    [InlineData("/work/../etc", "has an empty segment, or '.' or '..' for one")]
    [InlineData("/work//x", "has an empty segment, or '.' or '..' for one")]
    [InlineData("/work/", "has an empty segment, or '.' or '..' for one")]
    public void A_path_that_is_none_is_a_fault(string path, string problem) => Assert.Equal(problem, Given.FaultOf(Lines($$"""{ paths: [ "{{path}}" ] }""")).Problem);

    [Theory]
    [InlineData("{ paths: [ /tmp, /tmp/x ] }")]
    [InlineData("{ paths: [ /tmp/x ], artifacts: [ /tmp ] }")]
    public void Paths_one_in_the_other_are_a_fault(string residue) => Assert.Contains("lie one in the other", Given.FaultOf(Lines(residue)).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("{ environments: all }")]
    [InlineData("{ within: 1h }")]
    [InlineData("{ max_bytes: 1 }")]
    [InlineData("{ journal: yes }")]
    public void What_is_out_of_its_range_is_a_fault(string residue) => Given.FaultOf(Lines(residue));

    [Fact]
    public void An_identity_that_stands_is_never_over_and_has_no_residue() =>
        Assert.Equal("is of tasks, and a persistent template has none", Given.FaultOf("templates: [ { name: t, owner: o, class: persistent, reason: r, review_by: 2999-01-01, start: [ \"unix:uid:1\" ], residue: { journal: true } } ]").Problem);

    private static string Lines(string residue) => $"templates: [ {{ name: t, owner: o, start: [ \"unix:uid:1\" ], residue: {residue} }} ]";

    private static ResidueRule Rule(string residue)
    {
        LoadedConfiguration loaded = Given.Lines(Lines(residue));
        Assert.Empty(loaded.Faults);
        return Assert.Single(loaded.Options!.Templates.All).Residue;
    }
}
