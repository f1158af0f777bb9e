using Spiffe.Agent.Tests.TestKit.Requirements;
using Xunit.Abstractions;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Where in a daemon's memory keys are, and that they are nowhere when they are out of use.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int MaxLooks = 60;

    [RequiresRootTheory]
    [InlineData("ec-p256")]
    [InlineData("rsa-2048")]
    public async Task Key_in_use_lies_in_memory_of_the_daemon_alone_that_is_never_swapped(string keyType)
    {
        await using RealDaemon daemon = await StartAsync(keyType, "1h");
        SecretBook book = new();
        using Caller caller = new(daemon.WorkloadSocket, daemon.AdminSocket, book);
        await caller.WatchX509Async(1);
        await caller.WatchWitAsync(1);

        IReadOnlyList<(Secret Secret, MappedRegion Region)> found = ProcessMemory.Find(daemon.ProcessId, new SecretFinder(book.All));

        foreach ((Secret secret, MappedRegion region) in found) output.WriteLine($"{secret}: {region.Start:x}-{region.End:x} {region.Permissions} {region.Name} {string.Join(' ', region.Flags)}");
        Assert.Equal([], book.All.Except(found.Select(f => f.Secret)));
        Assert.All(found, f => Assert.True(f.Region.IsPrivate, f.Region.ToString()));
        bool isLocked = !daemon.Log.Contains("memory-locked", StringComparison.Ordinal); // What does not hold is said at the start.
        Assert.All(found, f => Assert.Equal(isLocked, f.Region.Flags.Contains("lo")));
    }

    [RequiresRootTheory]
    [InlineData("ec-p256")]
    [InlineData("rsa-2048")]
    public async Task Key_out_of_use_is_nowhere(string keyType)
    {
        await using RealDaemon daemon = await StartAsync(keyType, "6s");
        SecretBook book = new();
        using Caller caller = new(daemon.WorkloadSocket, daemon.AdminSocket, book);
        await caller.WatchX509Async(1);
        SecretFinder old = new(book.All);
        Assert.NotEmpty(ProcessMemory.Find(daemon.ProcessId, old));

        await caller.WatchX509Async(3);

        // Zeroed by its last holder: by then an answer to somebody else may still be under way.
        IReadOnlyList<(Secret Secret, MappedRegion Region)> found = ProcessMemory.Find(daemon.ProcessId, old);
        for (int looks = 0; looks < MaxLooks && found.Count > 0; looks++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            found = ProcessMemory.Find(daemon.ProcessId, old);
        }

        Assert.Equal([], found);
    }

    private static Task<RealDaemon> StartAsync(string keyType, string lifetime) => RealDaemon.StartAsync($$"""
        trust_domain: example.org
        audit: { dir: audit }
        authority: { key_type: {{keyType}}, x509_ttl: {{lifetime}}, wit_ttl: {{lifetime}} }
        entries: [ { id: /me, selectors: [ {{Caller.Selectors}} ] } ]
        """);
}
