using System.Globalization;
using System.Text;
using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

public sealed class EntryTests
{
    [Theory]
    [InlineData("selectors: [ \"unix:uid:1\" ]", "is missing")]
    [InlineData("id: /a", "would describe every caller")]
    [InlineData("id: /a, selectors: []", "would describe every caller")]
    [InlineData("id: /a, selectors: \"unix:uid:1\"", "must be a list")]
    [InlineData("id: /agent/x, selectors: [ \"unix:uid:1\" ]", "is reserved")]
    [InlineData("id: /spire/x, selectors: [ \"unix:uid:1\" ]", "is reserved")]
    [InlineData("id: \"spiffe://other.org/a\", selectors: [ \"unix:uid:1\" ]", "outside the trust domain 'example.org'")]
    [InlineData("id: \"/a/{unix:path}\", selectors: [ \"unix:uid:1\" ]", "no path segment")]
    [InlineData("id: \"/a/{unix:supplementary_gid}\", selectors: [ \"unix:uid:1\" ]", "may have many")]
    [InlineData("id: \"/a/{systemd:user_unit}\", selectors: [ \"unix:uid:1\" ]", "no path segment")]
    [InlineData("id: \"/a/{podman:rootless}\", selectors: [ \"unix:uid:1\" ]", "may have many")]
    [InlineData("id: \"/a/{unix:usr}\", selectors: [ \"unix:uid:1\" ]", "unknown kind unix:usr")]
    [InlineData("id: /a, selectors: [ \"uid\" ]", "is not a selector")]
    [InlineData("id: /a, selectors: [ \"unix:uid\" ]", "has no value behind its key")]
    [InlineData("id: /a, selectors: [ \"unix:uid:root\" ]", "its value is no number")]
    [InlineData("id: /a, selectors: [ \"unix:uid:01\" ]", "its value is no number")]
    [InlineData("id: /a, selectors: [ \"unix:pid:1\" ]", "one process that will end")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\", \"unix:uid:2\" ]", "can never hold together")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\", \"unix:path:bin\" ]", "no absolute path")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\", \"unix:sha256:ABC\" ]", "no SHA-256")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\" ], x509_ttl: 5h", "more than a sixth")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\" ], hint: \"\"", "is empty")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\" ], priority: high", "is not a whole number")]
    [InlineData("id: /a, selectors: [ \"unix:uid:1\" ], dns_names: [ a, A ]", "is listed twice")]
    public void What_an_entry_cannot_mean_is_its_one_fault(string entry, string problem)
    {
        ConfigurationFault fault = Given.FaultOf($"entries: [ {{ {entry} }} ]");

        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.StartsWith("entries[0]", fault.Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("systemd:template:web@1.service", "is no template unit")]
    [InlineData("systemd:invocation_id:12", "is no 128-bit id")]
    [InlineData("systemd:user_unit:web.service", "is no user and unit")]
    [InlineData("systemd:user_unit:01:web.service", "is no user and unit")]
    [InlineData("docker:label:owner", "has no name and colon in front")]
    [InlineData("docker:env:PATH", "has no name and equals sign in front")]
    [InlineData("podman:pod_id:abc", "is no SHA-256")]
    [InlineData("podman:rootless:web", "says nothing of a container")]
    [InlineData("podman:rootless:1000", "says nothing of a container")]
    [InlineData("podman:rootless:1000:", "says nothing of a container")]
    [InlineData("podman:rootless:web:label:a:b", "says nothing of a container")]
    [InlineData("podman:rootless:1000:rootless:1001:name:x", "says nothing of a container")]
    [InlineData("podman:rootless:1000:name", "has no value behind its key")]
    [InlineData("podman:rootless:1000:env:A", "has no name and equals sign in front")]
    [InlineData("podman:rootless:1000:nmae:x", "is of the unknown kind podman:rootless:1000:nmae")]
    [InlineData("k8s:pod-label:app", "has no name and colon in front")]
    [InlineData("k8s:pod-image-count:two", "is no number")]
    [InlineData("k8s:container-type:sidecar", "there is no such type of container")]
    [InlineData("containerd:label:app", "has no name and colon in front")]
    public void A_value_that_never_holds_is_a_fault(string selector, string problem) =>
        Assert.Contains(problem, Given.FaultOf($"entries: [ {{ id: /a, selectors: [ \"{selector}\" ] }} ]").Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("systemd:id:web@1.service")]
    [InlineData("systemd:template:web@.service")]
    [InlineData("systemd:invocation_id:0123456789abcdef0123456789abcdef")]
    [InlineData("systemd:user_unit:1000:web.service")]
    [InlineData("docker:label:com.example.owner:me: and you")]
    [InlineData("docker:env:EMPTY=")]
    [InlineData("podman:rootless:1000:label:a:b")]
    [InlineData("podman:rootless:1000:env:A=b:c")]
    [InlineData("podman:rootless:0:name:db")]
    [InlineData("k8s:pod-uid:7d3c2f2e-7a9f-4b58-8a3c-0d6f1f0a2b11")]
    [InlineData("containerd:namespace:default")]
    public void A_selector_of_every_type_is_taken_without_a_word(string selector)
    {
        LoadedConfiguration loaded = Given.Lines($"entries: [ {{ id: /a, selectors: [ \"{selector}\" ] }} ]");

        Assert.Empty(loaded.Faults);
        Assert.Empty(loaded.Warnings);
    }

    [Theory]
    [InlineData("docker:image-signature:verified")]
    [InlineData("k8s:ns:a\", \"k8s:image-attestations:verified")]
    [InlineData("k8s:ns:a\", \"k8s:ns-label:env:prod")]
    public void What_SPIRE_knows_and_this_version_does_not_take_is_warned_of(string selectors) =>
        Assert.Contains("this version takes no such evidence", Assert.Single(Given.Lines($"entries: [ {{ id: /a, selectors: [ \"{selectors}\" ] }} ]").Warnings).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("docker:env:TOKEN=hunter2", "attestors: { docker: { enabled: false } }")]
    [InlineData("podman:rootless:7:evn:TOKEN=hunter2\", \"podman:rootless:7:env:TOKEN=hunter2", "attestors: { podman: { enabled: false } }")]
    public void No_warning_and_no_fault_shows_the_value_of_a_variable(string selectors, string attestors)
    {
        LoadedConfiguration loaded = Given.Lines($"{attestors}\nentries: [ {{ id: /a, selectors: [ \"{selectors}\" ] }} ]");

        Assert.Contains(loaded.Warnings, w => w.Value!.EndsWith("TOKEN=[redacted]", StringComparison.Ordinal));
        Assert.DoesNotContain(loaded.Warnings, w => w.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Pods_of_every_namespace_are_warned_of() =>
        Assert.Contains("pods of every namespace", Assert.Single(Given.Lines("entries: [ { id: /a, selectors: [ \"k8s:sa:default\" ] } ]").Warnings).Problem, StringComparison.Ordinal);

    [Fact]
    public void One_rootless_container_has_one_name()
    {
        Assert.Contains("can never hold together", Given.FaultOf("entries: [ { id: /a, selectors: [ \"podman:rootless:1:name:a\", \"podman:rootless:1:name:b\" ] } ]").Problem, StringComparison.Ordinal);
        Assert.NotNull(Given.Lines("entries: [ { id: /a, selectors: [ \"podman:rootless:1:label:a:b\", \"podman:rootless:1:label:a:c\" ] } ]").Options);
    }

    [Theory]
    [InlineData("unix:uud:1", "did you mean unix:uid?")]
    [InlineData("podman:rootless:7:nmae:x", "did you mean podman:name?")]
    [InlineData("unxi:uid:1", "did you mean unix:uid?")]
    [InlineData("k8s:service-account:x", "known: k8s:ns")]
    public void A_selector_of_an_unknown_kind_names_the_known_ones(string selector, string remedy) =>
        Assert.Contains(remedy, Given.FaultOf($"entries: [ {{ id: /a, selectors: [ \"{selector}\" ] }} ]").Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData("web.example.org", true)]
    [InlineData("*.web.example.org", true)]
    [InlineData("localhost", true)]
    [InlineData("*.org", false)]
    [InlineData("a.*.org", false)]
    [InlineData("-a.org", false)]
    [InlineData("a-.org", false)]
    [InlineData("a..org", false)]
    [InlineData("a.org.", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("a_b.org", false)]
    [InlineData("é.org", false)]
    public void Dns_names_are_host_names(string name, bool good) =>
        Assert.Equal(good, Given.Lines($"entries: [ {{ id: /a, selectors: [ \"unix:uid:1\" ], dns_names: [ \"{name}\" ] }} ]").Faults.IsEmpty);

    [Fact]
    public void A_hint_has_1024_bytes_at_most()
    {
        Assert.NotNull(Given.Lines($"entries: [ {{ id: /a, selectors: [ \"unix:uid:1\" ], hint: {new string('h', 1024)} }} ]").Options);
        Assert.Contains("1026 bytes", Given.FaultOf($"entries: [ {{ id: /a, selectors: [ \"unix:uid:1\" ], hint: {new string('é', 513)} }} ]").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_caller_may_not_get_a_hint_twice()
    {
        ConfigurationFault fault = Given.FaultOf("""
            entries:
              - { id: /a, selectors: [ "unix:uid:1" ], hint: internal }
              - { id: /b, selectors: [ "unix:gid:1" ], hint: internal }
            """);

        Assert.Equal(("entries[1].hint", 4), (fault.Key, fault.Line));
        Assert.Contains("entries[0].hint on line 3", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_no_caller_can_match_together_may_share_a_hint()
    {
        StringBuilder lines = new("entries:\n");
        for (int i = 0; i < 3_000; i++) lines.Append(CultureInfo.InvariantCulture, $"  - {{ id: /a{i}, selectors: [ \"unix:gid:1\", \"unix:uid:{i}\" ], hint: internal }}\n");

        Assert.Empty(Given.Lines(lines.ToString()).Faults);
    }

    [Fact]
    public void The_same_grant_to_the_same_selectors_is_a_fault_however_it_is_written()
    {
        ConfigurationFault fault = Given.FaultOf("""
            entries:
              - { id: /a, selectors: [ "unix:uid:1", "unix:gid:1" ] }
              - { id: "spiffe://example.org/a", selectors: [ "unix:gid:1", "unix:uid:1" ], priority: 4 }
            """);

        Assert.Equal(4, fault.Line);
        Assert.Contains("entries[0] on line 3", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_for_an_executable_alone_is_warned_of()
    {
        ConfigurationFault warning = Assert.Single(Given.Lines("entries: [ { id: /a, selectors: [ \"unix:path:/bin/sh\" ] } ]").Warnings);

        Assert.Contains("names the executable alone", warning.Problem, StringComparison.Ordinal);
    }
}
