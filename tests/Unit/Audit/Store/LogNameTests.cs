using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>A log has one name for ever: who verifies it knows it by that.</summary>
public sealed class LogNameTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("log-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_log_keeps_its_name_where_the_other_was_chosen_by_nobody()
    {
        Assert.Equal("example.org/first", await NameAsync("example.org/first", keepsName: true));
        Assert.Equal("example.org/first", await NameAsync("example.org/another-host", keepsName: true));
        Assert.Equal("example.org/first", await NameAsync("example.org/first", keepsName: false));
    }

    [Fact]
    public async Task A_log_is_not_opened_under_another_name_that_somebody_chose()
    {
        await NameAsync("example.org/first", keepsName: false);

        AuditStoreException refused = Assert.Throws<AuditStoreException>(() => Open("example.org/second", keepsName: false));
        Assert.Contains("example.org/first", refused.Remedy, StringComparison.Ordinal);
    }

    private async Task<string> NameAsync(string origin, bool keepsName)
    {
        await using AuditStore store = Open(origin, keepsName);
        return store.Health.Origin;
    }

    private AuditStore Open(string origin, bool keepsName) => AuditStore.Open(new AuditStoreOptions { Directory = _directory, Origin = origin, KeepsName = keepsName }, TimeProvider.System);
}
