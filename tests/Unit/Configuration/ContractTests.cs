using Spiffe.Agent.Configuration;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

/// <summary>The example that operators, packages and acceptance checks start from.</summary>
public sealed class ContractTests
{
    private const string Example = """
        trust_domain: example.org
        sockets:
          workload: { path: /run/spiffe/workload.sock, mode: "0666" }
          admin:    { path: /run/spiffe-agent/admin.sock, mode: "0660", group: spiffe-admin }
        authority: { kind: embedded, ca_ttl: 24h, x509_ttl: 1h, jwt_ttl: 5m, wit_ttl: 1h, jwt_issuer: https://id.example.org }
        entries:
          - id: /web                                  # a path in the trust domain, or a whole SPIFFE ID
            selectors: [ "unix:uid:1001", "systemd:id:web.service" ]   # all must hold
            x509_ttl: 30m
            dns_names: [ web.example.org ]
            hint: internal
            priority: 10                              # higher first; the first is the default identity
        """;

    [Fact]
    public void The_example_of_the_contract_is_read_whole()
    {
        LoadedConfiguration loaded = ConfigurationLoader.Parse(Example, "/etc/spiffe-agent/agent.yaml", _ => null);

        Assert.Empty(loaded.Faults);
        AgentOptions options = loaded.Options!;
        Assert.Equal("example.org", options.TrustDomain.Name);
        Assert.Equal("/run/spiffe/workload.sock", options.Sockets.Workload.Path);
        Assert.Equal("666", Convert.ToString((int)options.Sockets.Workload.Mode, 8));
        Assert.Equal("660", Convert.ToString((int)options.Sockets.Admin.Mode, 8));
        Assert.Equal("spiffe-admin", options.Sockets.Admin.Group);
        Assert.Equal(TimeSpan.FromHours(24), options.Authority.CaTtl);
        Assert.Equal(TimeSpan.FromMinutes(5), options.Authority.JwtTtl);
        Assert.Equal("https://id.example.org", options.Authority.JwtIssuer);
        Entry entry = Assert.Single(options.Entries);
        Assert.Equal("spiffe://example.org/web", entry.Id.Text);
        Assert.Equal("systemd:id:web.service unix:uid:1001", entry.Selectors.ToString());
        Assert.Equal(TimeSpan.FromMinutes(30), entry.X509Ttl);
        Assert.Null(entry.JwtTtl);
        Assert.Equal("web.example.org", Assert.Single(entry.DnsNames));
        Assert.Equal("internal", entry.Hint);
        Assert.Equal(10, entry.Priority);
        Assert.Equal("/etc/spiffe-agent/agent.yaml:7", entry.Origin.ToString());
    }

    [Fact]
    public void A_selector_whose_attestor_is_switched_off_is_warned_of()
    {
        Assert.Empty(ConfigurationLoader.Parse(Example, "agent.yaml", _ => null).Warnings);

        LoadedConfiguration loaded = ConfigurationLoader.Parse($"{Example}\nattestors: {{ systemd: {{ enabled: false }} }}\n", "agent.yaml", _ => null);

        ConfigurationFault warning = Assert.Single(loaded.Warnings);
        Assert.Equal("entries[0].selectors[1]", warning.Key);
        Assert.Equal((8, 35), (warning.Line, warning.Column));
        Assert.Contains("attestors.systemd.enabled is false", warning.Problem, StringComparison.Ordinal);
    }
}
