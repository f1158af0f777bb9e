using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Journal;

namespace Spiffe.Agent.Tests.Unit.Issuance;

/// <summary>The log of the house: its key grows old, and what it is told to rest on must be there.</summary>
public sealed class HouseLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("house-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Key_that_is_old_is_changed_and_one_that_is_not_stays()
    {
        await using HouseLog young = Open(new HouseLogOptions { Store = Store("young"), KeyAge = TimeSpan.FromDays(1) }), old = Open(new HouseLogOptions { Store = Store("old"), KeyAge = TimeSpan.Zero });
        using CancellationTokenSource stop = new();
        Task both = Task.WhenAll(young.RunAsync(stop.Token), old.RunAsync(stop.Token));
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        while (old.Store!.Keys.Count < 2) await Task.Delay(20, patience.Token);

        Assert.Single(young.Store!.Keys);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => both);
    }

    [Theory]
    [InlineData("witness one nonsense http://witness.example/\nquorum one\n")]
    [InlineData("")]
    public void Policy_of_witnesses_that_cannot_be_read_keeps_the_daemon_from_starting(string policy)
    {
        string file = Path.Combine(_directory, "policy");
        if (policy.Length > 0) File.WriteAllText(file, policy);

        AuditStoreException refused = Assert.Throws<AuditStoreException>(() => Open(new HouseLogOptions { Store = Store("log"), WitnessPolicy = file }));
        Assert.Equal(file, refused.Place);
        Assert.False(Directory.Exists(Path.Combine(_directory, "log"))); // Nothing was begun.
    }

    private static HouseLog Open(HouseLogOptions options) => HouseLog.Open(options, "0.1.0", TimeProvider.System, NullLoggerFactory.Instance);

    private AuditStoreOptions Store(string name) => new() { Directory = Path.Combine(_directory, name), Origin = "example.org/log" };
}
