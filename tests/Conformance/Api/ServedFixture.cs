using System.Globalization;
using Spiffe.Agent.Tests.TestKit.Daemon;

namespace Spiffe.Agent.Tests.Conformance.Api;

/// <summary>Two real daemons: one whose entries describe this process, one whose entries describe somebody else.</summary>
public sealed class ServedFixture : IAsyncLifetime
{
    /// <summary>Short enough to see rotations, long enough for a slow machine to answer between two of them.</summary>
    public const int ShortLifeSeconds = 20;

    public Daemon Known { get; private set; } = null!;

    public Daemon Stranger { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        string uid = string.Create(CultureInfo.InvariantCulture, $"unix:uid:{TestUser.Id}");
        Known = await Daemon.StartAsync($$"""
            trust_domain: example.org
            authority: { jwt_issuer: https://id.example.org }
            entries:
              - { id: /web, selectors: [ "{{uid}}" ], priority: 10, hint: internal, dns_names: [ web.example.org ] }
              - { id: /short, selectors: [ "{{uid}}" ], x509_ttl: {{ShortLifeSeconds}}s, jwt_ttl: {{ShortLifeSeconds}}s, wit_ttl: {{ShortLifeSeconds}}s }
              - { id: /other, selectors: [ "{{uid}}", "unix:supplementary_gid:4242424" ] }
            """);
        Stranger = await Daemon.StartAsync("""
            trust_domain: example.org
            workload_api: { wit: false }
            entries:
              - { id: /somebody, selectors: [ "unix:uid:4242424" ] }
            """);
    }

    public async Task DisposeAsync()
    {
        if (Known is not null) await Known.DisposeAsync();
        if (Stranger is not null) await Stranger.DisposeAsync();
    }
}
