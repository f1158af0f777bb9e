using System.Runtime.Versioning;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary><c>policies</c>: files of Cedar beside the configuration.</summary>
[SupportedOSPlatform("linux")]
public sealed class PoliciesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spiffe-policies-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_are_read_in_the_order_written_and_relative_to_the_configuration()
    {
        Write("b.cedar", "permit(principal, action, resource);");
        Write("a.cedar", "forbid(principal, action, resource) when { context.ticket == \"\" };");

        LoadedConfiguration loaded = Load("policies: [ b.cedar, a.cedar ]");

        Assert.Empty(loaded.Faults);
        Assert.Equal([Path.Combine(_folder, "b.cedar"), Path.Combine(_folder, "a.cedar")], loaded.Options!.PolicySources.Select(source => source.Name));
        Assert.False(loaded.Options.Policies.IsBuiltIn);
        Assert.Equal(2, loaded.Options.Policies.Count);
    }

    [Fact]
    public void A_policy_that_speaks_of_what_there_is_not_is_a_fault_at_its_place()
    {
        // It would fail whenever it is asked: a permit never counts, a forbid never forbids.
        Write("a.cedar", "permit(principal, action, resource);\nforbid(principal, action, resource)\n  when { context.hour > 18 };");

        ConfigurationFault fault = Assert.Single(Load("policies: [ a.cedar ]").Faults.DistinctBy(f => f.Line));
        Assert.Equal(("a.cedar", 3), (Path.GetFileName(fault.File), fault.Line));
        Assert.Contains("hour", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_obligation_that_is_not_known_is_a_fault()
    {
        Write("a.cedar", "@obligation(\"two-eyes\")\npermit(principal, action, resource);");

        Assert.Contains("the only obligation", Assert.Single(Load("policies: [ a.cedar ]").Faults).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_policies_are_not_an_empty_set_of_them() => Assert.True(Load("policies: []").Options!.Policies.IsBuiltIn);

    [Fact]
    public void What_is_no_Cedar_is_told_with_its_file_line_and_column_behind_the_faults_of_the_configuration()
    {
        Write("a.cedar", "permit(principal, action, resource);\n  permit(principal action, resource);\n");
        Write("b.cedar", "permit(principal == ?principal, action, resource);");

        LoadedConfiguration loaded = Load("policies: [ a.cedar, b.cedar, b.cedar, none.cedar ]\nzzz: 1");

        Assert.Null(loaded.Options);
        Assert.Equal(["agent.yaml", "agent.yaml", "a.cedar", "b.cedar", "none.cedar"], loaded.Faults.Select(fault => Path.GetFileName(fault.File)));
        Assert.Equal("policies[2]", loaded.Faults[0].Key);
        Assert.Equal((2, 20), (loaded.Faults[2].Line, loaded.Faults[2].Column));
        Assert.StartsWith("is refused: ", loaded.Faults[2].Problem, StringComparison.Ordinal);
        Assert.Contains("does not exist", loaded.Faults[4].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_reads_differently_from_how_it_looks_is_a_fault()
    {
        Write("a.cedar", "permit(principal, action, resource) when { \"a\u202eb\" == \"c\" };");

        Assert.Contains("invisible character", Load("policies: [ a.cedar ]").Faults[0].Problem, StringComparison.Ordinal);
    }

    [RequiresRootFact]
    public void As_root_a_policy_that_others_could_have_written_is_refused()
    {
        Write("a.cedar", "permit(principal, action, resource);");
        File.SetUnixFileMode(Path.Combine(_folder, "a.cedar"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);

        ConfigurationFault fault = Assert.Single(Load("policies: [ a.cedar ]").Faults);
        Assert.Equal("a.cedar", Path.GetFileName(fault.File));
        Assert.Contains("could be changed by others than root", fault.Problem, StringComparison.Ordinal);
    }

    private LoadedConfiguration Load(string lines) => ConfigurationLoader.Parse($"trust_domain: example.org\n{lines}\n", Path.Combine(_folder, "agent.yaml"), _ => null);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
