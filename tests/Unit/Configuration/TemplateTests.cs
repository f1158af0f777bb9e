using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary><c>templates</c>: each on its own.</summary>
public sealed class TemplateTests
{
    private const string Whole = """
        templates:
          - name: code-review
            owner: team-a@example.org
            purpose: reads a merge request, comments on it
            start: [ "unix:user:reviewer", "unix:path:/usr/bin/reviewer" ]
            grants:
              - type: repository
                actions: [ read, comment ]
                locations: [ "https://git.example.org/acme" ]
                datatypes: [ source ]
                sensitivity: internal
                audiences: [ git-api ]
                constraints:
                  max_uses: 500
                  not_after: 2999-01-31T18:00:00Z
                  ranges: { lines: { min: 1, max: 2000.5 } }
                  in: { branch: [ main, 7, "7" ] }
            audiences: [ git-api ]
            boundaries: [ git ]
            lifetimes: { x509_ttl: 2m, jwt_ttl: 30s, wit_ttl: 2m, action_ttl: 10s, lease: 5m, renewal: explicit, idle: 10m, active: 30m, deadline: 1h }
            binding: cgroup
            inherit: cgroup
            on_exit: by_status
            on_change: revoke
            on_violation: deny
            approval: { to_start: true, actions: [ comment ], timeout: 5m, validity: 1m, approvers: [ 0, 4242 ] }
            reattest_every: 1m
            default_identity: true
            max_depth: 1
            max_live: 10
            max_children: 2
            subtask_templates: [ code-review ]
        """;

    [Fact]
    public void What_is_written_of_a_template_is_what_it_says()
    {
        LoadedConfiguration loaded = Given.Lines(Whole);

        Assert.Empty(loaded.Faults);
        Assert.Empty(loaded.Warnings);
        TaskTemplate template = Assert.Single(loaded.Options!.Templates.All);
        Assert.Equal(("code-review", "team-a@example.org", "reads a merge request, comments on it"), (template.Name, template.Owner, template.Purpose));
        Assert.Equal("unix:path:/usr/bin/reviewer unix:user:reviewer", template.Starters.ToString());
        Assert.Equal(
            """[{"actions":["comment","read"],"audiences":["git-api"],"constraints":{"in":{"branch":[7,"7","main"]},"max_uses":500,"not_after":32474800800,"ranges":{"lines":{"max":2000.5,"min":1}}},"datatypes":["source"],"locations":["https://git.example.org/acme"],"sensitivity":"internal","type":"repository"}]""",
            template.Ceiling.ToString());
        Assert.Equal<string>(["git-api"], template.Audiences);
        Assert.Equal<string>(["git"], template.Boundaries);
        TaskLifetimes lifetimes = template.Lifetimes;
        Assert.Equal((Minutes(2), Minutes(0.5), Minutes(2), TimeSpan.FromSeconds(10)), (lifetimes.X509Ttl, lifetimes.JwtTtl, lifetimes.WitTtl, lifetimes.ActionTtl));
        Assert.Equal((Minutes(5), Renewal.Explicit, Minutes(10), Minutes(30), Minutes(60)), (lifetimes.Lease, lifetimes.Renewal, lifetimes.Idle, lifetimes.Active, lifetimes.Deadline));
        Assert.Equal((BindingKind.Cgroup, Inheritance.Cgroup), (template.Binding, template.Inherit));
        Assert.Equal((ExitMeaning.ByStatus, ChangeResponse.Revoke, ViolationResponse.Deny), (template.OnExit, template.OnChange, template.OnViolation));
        Assert.True(template.Approval.ToStart);
        Assert.Equal<string>(["comment"], template.Approval.Actions);
        Assert.Equal((Minutes(5), Minutes(1)), (template.Approval.Timeout, template.Approval.Validity));
        Assert.Equal<uint>([0, 4242], template.Approval.Approvers);
        Assert.Equal(Minutes(1), template.ReattestEvery);
        Assert.True(template.IsDefaultIdentity);
        Assert.Equal((1, 10, 2), (template.MaxDepth, template.MaxLive, template.MaxChildren));
        Assert.Equal<string>(["code-review"], template.SubtaskTemplates);
        Assert.Equal("/etc/spiffe-agent/agent.yaml:3", template.Origin);
    }

    [Fact]
    public void What_is_not_written_has_the_safe_default()
    {
        TaskTemplate template = Given.Lines(One("")).Options!.Templates.All[0];

        Assert.Empty(template.Ceiling.Items);
        Assert.Equal(new TaskLifetimes(), template.Lifetimes);
        Assert.Equal((BindingKind.Process, Inheritance.None, ExitMeaning.Failed), (template.Binding, template.Inherit, template.OnExit));
        Assert.Equal((ChangeResponse.Suspend, ViolationResponse.Suspend), (template.OnChange, template.OnViolation));
        Assert.False(template.IsAutomatic || template.IsDefaultIdentity || template.Approval.ToStart || template.Subject.IsRequired);
        Assert.Equal((3, 1000, 64), (template.MaxDepth, template.MaxLive, template.MaxChildren));
    }

    [Theory]
    [InlineData("name: a", "owner", "is missing")]
    [InlineData("owner: o", "name", "is missing")]
    [InlineData("name: a/b, owner: o", "name", "is not the name of a template")]
    [InlineData("name: \"..\", owner: o", "name", "is not the name of a template")]
    [InlineData("name: é, owner: o", "name", "is not the name of a template")]
    [InlineData("name: a, owner: \" \"", "owner", "is no line of text")]
    [InlineData("name: a, owner: \"a\\nb\"", "owner", "is no line of text")]
    public void A_template_has_a_name_and_an_owner(string keys, string key, string problem)
    {
        ConfigurationFault fault = Given.FaultOf($"templates: [ {{ {keys}, start: [ \"unix:uid:1\" ] }} ]");

        Assert.Equal($"templates[0].{key}", fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_start_it_is_told_in_selectors_that_exist()
    {
        Assert.Contains("would describe every caller", Given.FaultOf("templates: [ { name: a, owner: o } ]").Problem, StringComparison.Ordinal);
        Assert.Contains("would describe every caller", Given.FaultOf("templates: [ { name: a, owner: o, start: [] } ]").Problem, StringComparison.Ordinal);
        ConfigurationFault fault = Given.FaultOf("templates: [ { name: a, owner: o, start: [ \"unix:usr:x\" ] } ]");
        Assert.Equal("templates[0].start[0]", fault.Key);
        Assert.Contains("did you mean unix:user?", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lifetimes: { action_ttl: 61s }", "lifetimes.action_ttl", "is out of range")]
    [InlineData("lifetimes: { lease: 2h, deadline: 1h }", "lifetimes.lease", "is longer than the deadline (1h)")]
    [InlineData("lifetimes: { idle: 2h, deadline: 1h }", "lifetimes.idle", "is longer than the deadline (1h)")]
    [InlineData("lifetimes: { active: 2h, deadline: 1h }", "lifetimes.active", "is longer than the deadline (1h)")]
    [InlineData("lifetimes: { deadline: 31d }", "lifetimes.deadline", "is out of range")]
    [InlineData("lifetimes: { x509_ttl: 5h }", "lifetimes.x509_ttl", "more than a sixth of authority.ca_ttl")]
    [InlineData("lifetimes: { renewal: never }", "lifetimes.renewal", "is not one of the words")]
    [InlineData("reattest_every: 8h", "reattest_every", "never comes")]
    [InlineData("inherit: cgroup", "inherit", "binds a process alone")]
    [InlineData("automatic: true", "automatic", "a process is not a run of anything")]
    [InlineData("automatic: true, binding: systemd, lifetimes: { renewal: explicit }", "automatic", "cannot renew its lease")]
    [InlineData("subject: { required: true }", "subject", "nobody could start it")]
    [InlineData("subject: { issuers: [ \"https://ci\" ] }", "subject.issuers[0]", "is no issuer of tasks.subjects")]
    [InlineData("approval: { approvers: [ no-such-user-here ] }", "approval.approvers[0]", "is no user of this machine")]
    [InlineData("approval: { approvers: [ 0, root ] }", "approval.approvers[1]", "is listed twice")]
    [InlineData("approval: { actions: [ \"a b\" ] }", "approval.actions[0]", "is not the name of an action")]
    [InlineData("approval: { actions: [ \"*\" ] }", "approval.actions[0]", "is not the name of an action")]
    [InlineData("max_depth: 17", "max_depth", "is out of range")]
    [InlineData("subtask_templates: [ b ]", "subtask_templates[0]", "is no template of this file")]
    [InlineData("reason: because", "reason", "is of persistent templates")]
    [InlineData("class: persistent, review_by: 2999-01-01", "reason", "is missing")]
    [InlineData("class: persistent, reason: because", "review_by", "is missing")]
    [InlineData("class: persistent, reason: because, review_by: soon", "review_by", "is not a day")]
    [InlineData("class: persistent, reason: because, review_by: 2999-01-01, approval: { to_start: true }", "approval", "is of tasks")]
    public void What_a_template_cannot_mean_is_its_one_fault(string keys, string key, string problem)
    {
        ConfigurationFault fault = Given.FaultOf(One(keys));

        Assert.Equal($"templates[0].{key}", fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_lease_is_no_longer_than_a_short_deadline()
    {
        LoadedConfiguration loaded = Given.Lines(One("lifetimes: { deadline: 1m }"));

        Assert.Empty(loaded.Warnings);
        Assert.Equal(Minutes(1), loaded.Options!.Templates.All[0].Lifetimes.Lease);
    }

    [Fact]
    public void A_written_life_that_the_lease_cuts_is_warned_of()
    {
        ConfigurationFault warning = Assert.Single(Given.Lines(One("lifetimes: { x509_ttl: 1h }")).Warnings);

        Assert.Equal("templates[0].lifetimes.x509_ttl", warning.Key);
        Assert.Contains("no credential outlives the lease (10m)", warning.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_approval_of_what_is_not_granted_is_warned_of()
    {
        ConfigurationFault warning = Assert.Single(Given.Lines(One("grants: [ { type: t, actions: [ restart ] } ], approval: { actions: [ restrat ] }")).Warnings);

        Assert.Equal("templates[0].approval.actions[0]", warning.Key);
        Assert.StartsWith("did you mean 'restart'?", warning.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_a_template_are_told_at_once()
    {
        LoadedConfiguration loaded = Given.Lines("""
            templates:
              - name: a/b
                owner: ${UNSET}
                start: [ "unix:usr:x" ]
                grants: [ { type: "a b", actions: [ x ] }, { actions: [ y ], zzz: 1 } ]
                lifetimes: { lease: soon, x509_ttl: "${UNSET}" }
                binding: thread
                automatic: true
                subtask_templates: [ none ]
            """);

        Assert.Equal(
            [
                "templates[0].name", "templates[0].owner", "templates[0].start[0]", "templates[0].grants[0].type", "templates[0].grants[1].zzz",
                "templates[0].lifetimes.lease", "templates[0].lifetimes.x509_ttl", "templates[0].binding", "templates[0].automatic", "templates[0].subtask_templates[0]",
            ],
            loaded.Faults.Select(fault => fault.Key));
    }

    private static string One(string keys) => $"templates: [ {{ name: a, owner: o, start: [ \"unix:uid:1\" ]{(keys.Length == 0 ? "" : ", ")}{keys} }} ]";

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
