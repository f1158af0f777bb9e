using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary><c>templates</c>: what they may not be together and beside the rest of the file.</summary>
public sealed class TemplatesTogetherTests
{
    [Fact]
    public void Two_templates_of_one_name_are_a_fault()
    {
        ConfigurationFault fault = Given.FaultOf("""
            templates:
              - { name: a, owner: o, start: [ "unix:uid:1" ] }
              - { name: a, owner: p, start: [ "unix:uid:2" ] }
            """);

        Assert.Equal(("templates[1].name", "is the name of another template: /etc/spiffe-agent/agent.yaml:3"), (fault.Key, fault.Problem));
    }

    [Fact]
    public void A_misspelt_subtask_template_gets_the_nearest_name()
    {
        ConfigurationFault fault = Given.FaultOf("""
            templates:
              - { name: planner, owner: o, start: [ "unix:uid:1" ], subtask_templates: [ worker, wroker2 ] }
              - { name: worker, owner: o, start: [ "unix:uid:1" ] }
              - { name: worker2, owner: o, start: [ "unix:uid:1" ] }
            """);

        Assert.Equal(("templates[0].subtask_templates[1]", "did you mean 'worker2'?"), (fault.Key, fault.Remedy));
    }

    [Fact]
    public void A_standing_identity_is_no_subtask()
    {
        ConfigurationFault fault = Given.FaultOf("""
            templates:
              - { name: planner, owner: o, start: [ "unix:uid:1" ], subtask_templates: [ db ] }
              - { name: db, owner: o, start: [ "unix:uid:1" ], class: persistent, reason: r, review_by: 2999-01-01 }
            """);

        Assert.Contains("is a persistent template", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Automatic_templates_are_told_apart_by_who_starts_them()
    {
        const string Template = "{{ name: {0}, owner: o, start: [ \"systemd:id:{1}.service\" ], automatic: true, binding: systemd }}";

        Assert.Equal(2, Given.Lines($"templates: [ {string.Format(null, Template, "a", "x")}, {string.Format(null, Template, "b", "y")} ]").Options!.Templates.Automatic.Length);
        Assert.Contains("which one would begin?", Given.FaultOf($"templates: [ {string.Format(null, Template, "a", "x")}, {string.Format(null, Template, "b", "x")} ]").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_operators_ceiling_takes_back_is_named()
    {
        LoadedConfiguration loaded = Given.Lines("""
            tasks:
              ceiling: [ { type: repository, actions: [ read ], locations: [ "https://git.example.org" ], sensitivity: internal } ]
            templates:
              - { name: reader, owner: o, start: [ "unix:uid:1" ], grants: [ { type: repository, actions: [ read ], locations: [ "https://git.example.org/a" ] } ] }
              - { name: writer, owner: o, start: [ "unix:uid:1" ], grants: [ { type: repository, actions: [ read, write ], locations: [ "https://git.example.org/a" ] } ] }
            """);

        Assert.Empty(loaded.Faults);
        Assert.NotNull(loaded.Options!.Templates.Ceiling);
        ConfigurationFault warning = Assert.Single(loaded.Warnings);
        Assert.Equal("templates[1].grants", warning.Key);
        Assert.Contains("is cut by tasks.ceiling", warning.Problem, StringComparison.Ordinal);
        Assert.Contains("write", warning.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ceiling_that_is_written_and_empty_allows_nothing_and_is_no_missing_one()
    {
        Assert.Empty(Given.Lines("tasks: { ceiling: [] }").Options!.Templates.Ceiling!.Items);
        Assert.Null(Given.Lines("tasks: { }").Options!.Templates.Ceiling);
    }

    [Fact]
    public void A_standing_identity_comes_from_one_place()
    {
        const string Standing = "templates: [ { name: db, owner: o, start: [ \"unix:uid:1\" ], class: persistent, reason: r, review_by: 2999-01-01 } ]\n";

        Assert.Empty(Given.Lines(Standing + "entries: [ { id: /svc/web, selectors: [ \"unix:uid:1\" ] } ]").Faults);
        Assert.Contains("grants too", Given.FaultOf(Standing + "entries: [ { id: /svc/db, selectors: [ \"unix:uid:1\" ] } ]").Problem, StringComparison.Ordinal);
        Assert.Contains("grants too", Given.FaultOf(Standing + "entries: [ { id: \"/svc/{unix:user}\", selectors: [ \"unix:uid:1\" ] } ]").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standing_identity_ends_with_its_review_day()
    {
        ManualTime time = new(); // the first of June 2026, noon
        const string Text = "trust_domain: example.org\ntemplates: [ { name: db, owner: o, start: [ \"unix:uid:1\" ], class: persistent, reason: r, review_by: 2026-06-01 } ]";

        LoadedConfiguration onTheDay = ConfigurationLoader.Parse(Text, "agent.yaml", _ => null, time);
        TaskTemplate template = onTheDay.Options!.Templates.All[0];
        Assert.Empty(onTheDay.Warnings);
        Assert.True(template.IsServedAt(time.GetUtcNow()));
        time.Pass(TimeSpan.FromHours(12));
        Assert.False(template.IsServedAt(time.GetUtcNow()));

        ConfigurationFault warning = Assert.Single(ConfigurationLoader.Parse(Text, "agent.yaml", _ => null, time).Warnings);
        Assert.Equal(("templates[0].review_by", "is over: this identity is not served"), (warning.Key, warning.Problem));
    }

    [Fact]
    public void An_exception_that_nobody_looks_at_for_more_than_a_year_is_warned_of()
    {
        const string Text = "trust_domain: example.org\ntemplates: [ { name: db, owner: o, start: [ \"unix:uid:1\" ], class: persistent, reason: r, review_by: 2027-06-02 } ]";

        Assert.Contains("more than a year ahead", Assert.Single(ConfigurationLoader.Parse(Text, "agent.yaml", _ => null, new ManualTime()).Warnings).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Development_has_a_template_for_its_user_alone()
    {
        AgentOptions options = DevelopmentConfiguration.Create("/tmp/dev", 1000, "ada");

        TaskTemplate template = options.Templates.Find("dev")!;
        Assert.Equal(("unix:uid:1000", "ada"), (template.Starters.ToString(), template.Owner));
        Assert.Equal(ExitMeaning.ByStatus, template.OnExit);
        Assert.NotEmpty(template.Ceiling.Items);
        Assert.All(template.Ceiling.Items, detail => Assert.NotNull(detail.Constraints.MaxUses));
    }
}
