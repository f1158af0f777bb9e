using System.Collections.Immutable;
using System.Runtime.Versioning;
using Spiffe.Agent.Configuration;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Tests.TestKit.Identity;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary><c>tasks.subjects</c>, with their keys written in the file or beside it.</summary>
[SupportedOSPlatform("linux")]
public sealed class SubjectsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spiffe-subjects-").FullName;
    private readonly AssertionForge _forge = new();

    private string Keys => Path.Combine(_folder, "ci.jwks.json");

    public void Dispose()
    {
        _forge.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void An_issuer_with_its_keys_is_read_with_every_default()
    {
        SubjectIssuerOptions issuer = Assert.Single(Given.Lines($"tasks: {{ subjects: [ {{ issuer: \"https://ci.example.org\", jwks: {_forge.KeySet} }} ] }}").Options!.Tasks.Subjects);

        Assert.Equal(("https://ci.example.org", "spiffe://example.org"), (issuer.Issuer, issuer.Audience));
        Assert.Equal(_forge.PublicKey.Thumbprint, Assert.Single(issuer.Keys).Thumbprint);
        Assert.Null(issuer.KeyFile);
        Assert.Equal(9, issuer.Algorithms.Length);
        Assert.Empty(issuer.Claims);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)), (issuer.Leeway, issuer.MaxAge));
    }

    [Fact]
    public void What_is_written_of_an_issuer_is_what_it_says()
    {
        SubjectIssuerOptions issuer = Assert.Single(Given.Lines($$"""
            tasks:
              subjects:
                - issuer: https://ci.example.org
                  audience: agents
                  algorithms: [ ES256, RS256 ]
                  claims: [ sub, repository, ref ]
                  leeway: 5s
                  max_age: 10m
                  jwks: |
                    {{_forge.KeySet}}
            """).Options!.Tasks.Subjects);

        Assert.Equal("agents", issuer.Audience);
        Assert.Equal<JwsAlgorithm>([JwsAlgorithm.ES256, JwsAlgorithm.RS256], issuer.Algorithms);
        Assert.Equal<string>(["repository", "ref"], issuer.Claims); // sub is kept anyway
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)), (issuer.Leeway, issuer.MaxAge));
    }

    [Theory]
    [InlineData("jwks: { keys: [] }", "issuer", "is missing")]
    [InlineData("issuer: \"http://ci\", jwks: { keys: [] }", "issuer", "is not an issuer")]
    [InlineData("issuer: \"https://ci\"", "jwks_file", "nobody's signature could be checked")]
    [InlineData("issuer: \"https://ci\", jwks: x, jwks_file: y", "jwks_file", "is written beside jwks")]
    [InlineData("issuer: \"https://ci\", jwks: { keys: [] }", "jwks", "has no key that can check a signature")]
    [InlineData("issuer: \"https://ci\", jwks: [ ]", "jwks", "must be a single value")]
    [InlineData("issuer: \"https://ci\", jwks: \"not json\"", "jwks", "is not one JSON object")]
    [InlineData("issuer: \"https://ci\", jwks: { keys: [ { kty: oct, k: c2VjcmV0 } ] }", "jwks", "private or symmetric key")]
    public void What_an_issuer_cannot_mean_is_a_fault(string keys, string key, string problem)
    {
        ConfigurationFault fault = Given.Lines($"tasks: {{ subjects: [ {{ {keys} }} ] }}").Faults.First(f => f.Key == $"tasks.subjects[0].{key}");

        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("es256")]
    public void Nobody_signs_with_a_secret_or_not_at_all(string algorithm)
    {
        ConfigurationFault fault = Given.FaultOf($"tasks: {{ subjects: [ {{ issuer: \"https://ci\", algorithms: [ {algorithm} ], jwks: {_forge.KeySet} }} ] }}");

        Assert.Equal(("tasks.subjects[0].algorithms[0]", "is no algorithm that is taken"), (fault.Key, fault.Problem));
    }

    [Fact]
    public void An_issuer_is_written_once()
    {
        string one = $"{{ issuer: \"https://ci\", jwks: {_forge.KeySet} }}";

        Assert.Contains("is written twice", Given.FaultOf($"tasks: {{ subjects: [ {one}, {one} ] }}").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_may_ask_for_an_issuer_that_is_configured_and_for_no_other()
    {
        string subjects = $"tasks: {{ subjects: [ {{ issuer: \"https://ci.example.org\", jwks: {_forge.KeySet} }} ] }}\n";
        const string Template = "templates: [ {{ name: a, owner: o, start: [ \"unix:uid:1\" ], subject: {{ required: true, issuers: [ \"{0}\" ] }} }} ]";

        Assert.True(Given.Lines(subjects + string.Format(null, Template, "https://ci.example.org")).Options!.Templates.All[0].Subject.IsRequired);
        Assert.Equal("did you mean 'https://ci.example.org'?", Given.FaultOf(subjects + string.Format(null, Template, "https://ci.example.com")).Remedy);
    }

    [Fact]
    public void Keys_in_a_file_are_read_anew_when_it_changes()
    {
        File.WriteAllText(Keys, _forge.KeySet);
        using AssertionForge next = new(keyId: "k2");
        SubjectIssuerOptions issuer = Assert.Single(Given.Lines($"tasks: {{ subjects: [ {{ issuer: \"https://ci\", jwks_file: \"{Keys}\" }} ] }}").Options!.Tasks.Subjects);
        KeySetFile file = issuer.KeyFile!;

        Assert.Equal("k1", Assert.Single(issuer.Keys).KeyId);
        Assert.False(file.HasChanged(out _, out _));

        Replace(next.KeySet);
        Assert.True(file.HasChanged(out ImmutableArray<JwsPublicKey> keys, out string? fault));
        Assert.Null(fault);
        Assert.Equal("k2", Assert.Single(keys).KeyId);
        Assert.False(file.HasChanged(out _, out _));
    }

    [Fact]
    public void A_file_that_becomes_unusable_says_so_once_each_time()
    {
        File.WriteAllText(Keys, _forge.KeySet);
        KeySetFile file = Given.Lines($"tasks: {{ subjects: [ {{ issuer: \"https://ci\", jwks_file: \"{Keys}\" }} ] }}").Options!.Tasks.Subjects[0].KeyFile!;

        Replace("{}");
        Assert.True(file.HasChanged(out ImmutableArray<JwsPublicKey> keys, out string? fault));
        Assert.Empty(keys);
        Assert.Contains("has no list of keys", fault, StringComparison.Ordinal);
        Assert.False(file.HasChanged(out _, out _));

        File.Delete(Keys);
        Assert.True(file.HasChanged(out _, out fault));
        Assert.Contains("does not exist", fault, StringComparison.Ordinal);
        Assert.False(file.HasChanged(out _, out _));

        File.WriteAllText(Keys, _forge.KeySet);
        Assert.True(file.HasChanged(out keys, out fault));
        Assert.Null(fault);
        Assert.Single(keys);
    }

    [Fact]
    public void A_key_file_that_is_not_there_is_its_own_fault()
    {
        ConfigurationFault fault = Given.FaultOf("tasks: { subjects: [ { issuer: \"https://ci\", jwks_file: no-such.json } ] }");

        Assert.Equal("/etc/spiffe-agent/no-such.json", fault.File);
        Assert.Contains("does not exist", fault.Problem, StringComparison.Ordinal);
    }

    [RequiresRootFact]
    public void As_root_keys_that_others_could_have_written_are_refused_at_the_start_and_when_they_change()
    {
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite;
        string lines = $"tasks: {{ subjects: [ {{ issuer: \"https://ci\", jwks_file: \"{Keys}\" }} ] }}";
        File.WriteAllText(Keys, _forge.KeySet);
        KeySetFile file = Given.Lines(lines).Options!.Tasks.Subjects[0].KeyFile!;
        using AssertionForge attacker = new(keyId: "k2");

        Replace(attacker.KeySet);
        File.SetUnixFileMode(Keys, Everybody);

        Assert.True(file.HasChanged(out ImmutableArray<JwsPublicKey> keys, out string? fault));
        Assert.Empty(keys);
        Assert.Contains("could be changed by others than root", fault, StringComparison.Ordinal);
        Assert.Contains("could be changed by others than root", Given.FaultOf(lines).Problem, StringComparison.Ordinal);
    }

    // As whoever rotates keys should: another file in its place.
    private void Replace(string text)
    {
        File.WriteAllText(Keys + ".new", text);
        File.Move(Keys + ".new", Keys, overwrite: true);
    }
}
