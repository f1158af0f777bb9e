using System.Globalization;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

public sealed class SecrecyTests
{
    private const string Nobody = "trust_domain: example.org\nentries: [ { id: /somebody, selectors: [ \"unix:uid:4242424\" ] } ]";

    [Fact]
    public async Task A_serving_daemon_has_no_diagnostics_port()
    {
        await using RealDaemon daemon = await RealDaemon.StartAsync(Nobody);
        string pid = daemon.ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetTempPath(), $"dotnet-diagnostic-{pid}-*"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetTempPath(), $"clr-debug-pipe-{pid}-*"));
    }

    [Fact]
    public async Task A_serving_daemon_has_written_no_file_but_its_log()
    {
        await using RealDaemon daemon = await RealDaemon.StartAsync(Nobody);
        Assert.Equal(
            ["agent.yaml", "audit", "run", "run/admin.sock", "run/workload.sock"],
            Directory.GetFileSystemEntries(daemon.Folder, "*", SearchOption.AllDirectories).Select(p => Path.GetRelativePath(daemon.Folder, p)).Where(p => p != "notify.sock" && !p.StartsWith("audit/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
