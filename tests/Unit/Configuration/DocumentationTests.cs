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

    private static string Read(string file)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Spiffe.Agent.sln"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder!.FullName, file));
    }
}
