using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Spiffe.Agent.Tests.TestKit.Daemon;

namespace Spiffe.Agent.Tests.Interop.WorkloadApi;

/// <summary>The daemons that the cases talk to, each started when the first case needs it.</summary>
public sealed partial class Daemons : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Task<Daemon>> _running = new(StringComparer.Ordinal);

    /// <summary>The daemon for a case: it gives /web and /db to the user who runs the tests, and to a user who does not when the case is about having none.</summary>
    public Task<Daemon> ForAsync(string testCase) => testCase switch
    {
        "watch" or "watch_wit" => RunningAsync("{ x509_ttl: 6s, wit_ttl: 6s }", UserId()),
        "no_identity" => RunningAsync("{ x509_ttl: 1h }", UserId() + 1),
        _ => RunningAsync("{ x509_ttl: 1h }", UserId()),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // One that did not start has failed its test and cleaned up behind itself.
        foreach (Task<Daemon> daemon in _running.Values.Where(d => d.IsCompletedSuccessfully)) await (await daemon).DisposeAsync();
    }

    private Task<Daemon> RunningAsync(string authority, uint user) => _running.GetOrAdd($"{authority} {user}", _ => Daemon.StartAsync($$"""
        trust_domain: example.org
        authority: {{authority}}
        entries:
          - { id: /web, selectors: [ "unix:uid:{{user}}" ], hint: web, priority: 10, dns_names: [ web.example.org ] }
          - { id: /db, selectors: [ "unix:uid:{{user}}" ], hint: db }
        """));

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
