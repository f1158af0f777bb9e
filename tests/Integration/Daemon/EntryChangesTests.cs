using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>Entries over the admin socket of the real daemon, and what a process with an open stream sees of them.</summary>
public sealed partial class EntryChangesTests : IAsyncLifetime, IDisposable
{
    private static readonly string Mine = string.Create(CultureInfo.InvariantCulture, $"unix:uid:{geteuid()}");

    private RealDaemon _daemon = null!;
    private AdminConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _daemon = await RealDaemon.StartAsync($$"""
            trust_domain: example.org
            entries_file: entries.yaml
            entries: [ { id: /web, selectors: [ "{{Mine}}" ], priority: 1 } ]
            """);
        _connection = new AdminConnection(_daemon);
    }

    public void Dispose() => _connection?.Dispose();

    public async Task DisposeAsync()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task An_open_stream_gains_changes_and_loses_an_identity()
    {
        using ClientCall<X509SVIDRequest, X509SVIDResponse> stream = _connection.Watch();
        Assert.Equal(["/web"], Ids(await NextAsync(stream)));

        string name = (await _connection.AddAsync(Spec("/db"))).Entries[0].Name;
        X509SVIDResponse gained = await NextAsync(stream);
        Assert.Equal(["/web", "/db"], Ids(gained));

        string short_ = name[..6];
        await _connection.UpdateAsync(short_, new EntrySpec { Hint = "second", DnsNames = { "db.example.org" }, Priority = "2", X509Ttl = "10m" }, "hint", "dns_names", "priority", "x509_ttl");
        X509SVIDResponse changed = await NextAsync(stream);
        Assert.Equal(["/db", "/web"], Ids(changed));
        Assert.Equal("second", changed.Svids[0].Hint);
        Assert.NotEqual(gained.Svids[1].X509Svid, changed.Svids[0].X509Svid);
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(changed.Svids[0].X509Svid.Span);
        Assert.True(leaf.MatchesHostname("db.example.org"));
        Assert.InRange(leaf.NotAfter - leaf.NotBefore, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(12));

        await _connection.RemoveAsync(name);
        Assert.Equal(["/web"], Ids(await NextAsync(stream)));
    }

    [Fact]
    public async Task A_stream_whose_last_identity_is_removed_is_ended()
    {
        await using RealDaemon daemon = await RealDaemon.StartAsync("trust_domain: example.org");
        using AdminConnection connection = new(daemon);
        EntriesChanged added = await connection.AddAsync(Spec("/only"));
        Assert.Equal("", added.KeptIn);
        using ClientCall<X509SVIDRequest, X509SVIDResponse> stream = connection.Watch();
        Assert.Equal(["/only"], Ids(await NextAsync(stream)));

        await connection.RemoveAsync(added.Entries[0].Name);

        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
    }

    [Fact]
    public async Task Entries_outlive_a_crash_in_their_file_and_the_files_own_are_told_apart()
    {
        EntriesChanged added = await _connection.AddAsync($"entries:\n  - {{ id: /db, selectors: [ \"{Mine}\", \"docker:env:TOKEN=hunter2\" ], hint: h }}\n");
        Assert.Equal(Path.Combine(_daemon.Folder, "entries.yaml"), added.KeptIn);

        await _daemon.KillAsync();
        await _daemon.StartAsync();
        using AdminConnection again = new(_daemon);

        IReadOnlyList<Entry> entries = await again.ListAsync();
        Assert.Equal(["file", "admin"], entries.Select(e => e.OriginKind));
        Assert.Equal(added.Entries[0], entries[1]);
        Assert.EndsWith("agent.yaml:6", entries[0].Origin, StringComparison.Ordinal);
        Assert.Equal("docker:env:TOKEN=[redacted]", entries[1].Selectors[0]);
        Assert.Equal("docker:env:TOKEN=hunter2", Assert.Single(await again.ListAsync(new ListEntriesRequest { OriginKind = "admin", ShowSecrets = true })).Selectors[0]);
        Assert.Single(await again.ListAsync(new ListEntriesRequest { Id = "/web", Selectors = { Mine } }));
        Assert.Empty(await again.ListAsync(new ListEntriesRequest { Id = "/web", Selectors = { "unix:uid:4242424" } }));
    }

    [Fact]
    public async Task What_the_file_says_is_refused_with_the_line_to_edit()
    {
        string name = Assert.Single(await _connection.ListAsync()).Name;

        foreach (Func<Task> change in new Func<Task>[] { () => _connection.UpdateAsync(name, new EntrySpec { Hint = "x" }, "hint"), () => _connection.RemoveAsync(name) })
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(change);
            Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
            Assert.Contains("agent.yaml:6", refused.Status.Detail, StringComparison.Ordinal);
        }

        RpcException exists = await Assert.ThrowsAsync<RpcException>(() => _connection.AddAsync(Spec("/web")));
        Assert.Equal(StatusCode.AlreadyExists, exists.StatusCode);
        Assert.Contains(name, exists.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_is_in_the_details_and_nothing_is_changed()
    {
        EntrySpec good = Spec("/good");
        EntrySpec bad = new() { Id = "bad", Selectors = { "unix:uud:1" }, X509Ttl = "9h" };

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _connection.AddAsync(good, bad));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        EntryFaults faults = refused.RichStatus!.Details[0].Unpack<EntryFaults>();
        Assert.Equal(["entries[1].id", "entries[1].selectors[0]", "entries[1].x509_ttl"], faults.Faults.Select(f => f.Key));
        Assert.Single(await _connection.ListAsync());
    }

    [Fact]
    public async Task Operators_at_once_lose_nothing_and_each_change_is_in_the_log_with_who_asked()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _connection.AddAsync(Spec(string.Create(CultureInfo.InvariantCulture, $"/n{i}")))));
        await _connection.AddAsync(new EntrySpec { Id = "/secret", Selectors = { "docker:env:TOKEN=hunter2" } });

        Assert.Equal(22, (await _connection.ListAsync()).Count);
        await _daemon.StopAsync();
        string who = string.Create(CultureInfo.InvariantCulture, $"by uid {geteuid()} pid {Environment.ProcessId}");
        Assert.Equal(21, _daemon.Log.Split('\n').Count(line => line.Contains("entry added: ", StringComparison.Ordinal) && line.Contains(who, StringComparison.Ordinal)));
        Assert.DoesNotContain("hunter2", _daemon.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_refuses_the_change()
    {
        await _connection.AddAsync(Spec("/kept"));
        await File.WriteAllTextAsync(Path.Combine(_daemon.Folder, "entries.yaml"), "entries: []\n");

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _connection.AddAsync(Spec("/more")));

        Assert.Equal(StatusCode.Aborted, refused.StatusCode);
        Assert.Contains("changed by somebody else", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(2, (await _connection.ListAsync()).Count);
    }

    private static EntrySpec Spec(string id) => new() { Id = id, Selectors = { Mine } };

    private static async Task<X509SVIDResponse> NextAsync(ClientCall<X509SVIDRequest, X509SVIDResponse> stream)
    {
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        return stream.ResponseStream.Current;
    }

    private static IEnumerable<string> Ids(X509SVIDResponse response) => response.Svids.Select(s => s.SpiffeId["spiffe://example.org".Length..]);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
