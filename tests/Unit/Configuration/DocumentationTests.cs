namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary>docs/configuration.md and docs/selectors.md name every key that the reader knows.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("zzz: 1")]
    [InlineData("sockets: { zzz: 1 }")]
    [InlineData("sockets: { workload: { zzz: 1 } }")]
    [InlineData("authority: { zzz: 1 }")]
    [InlineData("entries: [ { id: /a, selectors: [ \"unix:uid:1\" ], zzz: 1 } ]")]
    [InlineData("attestors: { zzz: 1 }")]
    [InlineData("attestors: { unix: { zzz: 1 } }")]
    [InlineData("attestors: { systemd: { zzz: 1 } }")]
    [InlineData("attestors: { docker: { zzz: 1 } }")]
    [InlineData("attestors: { podman: { zzz: 1 } }")]
    [InlineData("attestors: { containerd: { zzz: 1 } }")]
    [InlineData("attestors: { kubernetes: { zzz: 1 } }")]
    [InlineData("workload_api: { zzz: 1 }")]
    [InlineData("limits: { zzz: 1 }")]
    [InlineData("log: { zzz: 1 }")]
    [InlineData("tasks: { zzz: 1 }")]
    [InlineData("tasks: { status_list: { uri: \"https://e.org/s\", zzz: 1 } }")]
    [InlineData("tasks: { ceiling: [ { type: t, actions: [ a ], zzz: 1 } ] }")]
    [InlineData("tasks: { ceiling: [ { type: t, actions: [ a ], constraints: { zzz: 1 } } ] }")]
    [InlineData("tasks: { ceiling: [ { type: t, actions: [ a ], constraints: { ranges: { p: { min: 1, zzz: 1 } } } } ] }")]
    [InlineData("templates: [ { name: t, owner: o, start: [ \"unix:uid:1\" ], zzz: 1 } ]")]
    [InlineData("templates: [ { name: t, owner: o, start: [ \"unix:uid:1\" ], class: persistent, reason: r, review_by: 2999-01-01, zzz: 1 } ]")]
    [InlineData("templates: [ { name: t, owner: o, start: [ \"unix:uid:1\" ], lifetimes: { zzz: 1 } } ]")]
    [InlineData("templates: [ { name: t, owner: o, start: [ \"unix:uid:1\" ], approval: { zzz: 1 } } ]")]
    [InlineData("templates: [ { name: t, owner: o, start: [ \"unix:uid:1\" ], residue: { zzz: 1 } } ]")]
    [InlineData("templates: [ { name: t, owner: o, start: [ \"unix:uid:1\" ], subject: { zzz: 1 } } ]")]
    public void Every_key_that_is_known_is_in_the_documentation(string lines)
    {
        // The remedy of an unknown key lists the known ones: the reader's own word for what it reads.
        string[] known = Given.FaultOf(lines).Remedy["known here: ".Length..].Split(", ");
        string documentation = Read("docs/configuration.md");

        Assert.NotEmpty(known);
        Assert.All(known, key => Assert.Matches($@"[`.]{key}[`.]", documentation));
    }

    [Theory]
    [InlineData("unix")]
    [InlineData("systemd")]
    [InlineData("docker")]
    [InlineData("podman")]
    [InlineData("k8s")]
    [InlineData("containerd")]
    public void Every_kind_of_selector_is_in_the_documentation(string type)
    {
        string remedy = Given.FaultOf($"entries: [ {{ id: /a, selectors: [ \"{type}:zzzzzzzz:1\" ] }} ]").Remedy;
        string documentation = Read("docs/selectors.md");

        Assert.All(remedy["known: ".Length..].Split(", "), kind => Assert.Contains($"`{kind}", documentation, StringComparison.Ordinal));
    }

    [Fact]
    public void The_examples_of_templates_and_issuers_are_read_without_a_fault()
    {
        // Blocks of YAML whose keys are those of the file. Files that they name are not here.
        string[] examples = [.. Read("docs/configuration.md").Split("```yaml\n")[1..].Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];

        Assert.Equal(2, examples.Length);
        Assert.All(examples, example => Assert.DoesNotContain(Given.Lines(example).Faults, fault => fault.Key.Length > 0));
    }

    [Fact]
    public void The_example_that_packages_install_is_good()
    {
        string example = Read("packaging/examples/agent.yaml");
        Assert.Empty(Given.Text(example).Faults);

        // What it shows in comments is good too: its lines are those that do not begin like a sentence. Files that they name are not here.
        string shown = string.Concat(example[example.IndexOf("# templates:", StringComparison.Ordinal)..].Split('\n')
            .Where(line => line.Length > 2 && !char.IsUpper(line[2])).Select(line => line[2..] + "\n"));
        Assert.Contains("\ntasks:", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Given.Lines(shown).Faults, fault => fault.Key.Length > 0);
        Assert.Empty(Given.Lines(shown).Warnings);
    }

    private static string Read(string file)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Spiffe.Agent.sln"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder!.FullName, file));
    }
}
