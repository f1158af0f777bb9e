using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>What one user does to the real daemon's socket costs another user nothing.</summary>
public sealed class HostileClientTests
{
    private const string Python = "/usr/bin/python3";
    private const long MaxGrowth = 64L << 20;

    [RequiresRootTheory(Python, "setpriv")]
    [InlineData("idle", "10000")]
    [InlineData("garbage")]
    [InlineData("half-open")]
    [InlineData("never-reads")]
    public async Task Others_are_served_and_nothing_is_left_behind(string attack, params string[] arguments)
    {
        await using RealDaemon daemon = await RealDaemon.StartAsync("""
            trust_domain: example.org
            limits: { max_connections_per_uid: 500 }
            entries: [ { id: /web, selectors: [ "unix:uid:0" ] } ]
            """);
        await FetchAsync(daemon.WorkloadSocket);
        int descriptors = Descriptors(daemon.ProcessId);
        long memory = Memory(daemon.ProcessId);

        using (Process attacker = Start([attack, daemon.WorkloadSocket, .. arguments]))
        {
            Assert.Equal("ready", await attacker.StandardOutput.ReadLineAsync());
            await FetchAsync(daemon.WorkloadSocket);
            Assert.InRange(Descriptors(daemon.ProcessId), 0, descriptors + 2 * 500 + 20); // A connection takes two.
            Assert.InRange(Memory(daemon.ProcessId) - memory, long.MinValue, MaxGrowth);
            attacker.StandardInput.Close();
            await attacker.WaitForExitAsync();
        }

        await FetchAsync(daemon.WorkloadSocket);
        for (int i = 0; i < 600 && Descriptors(daemon.ProcessId) > descriptors + 8; i++) await Task.Delay(100);
        Assert.InRange(Descriptors(daemon.ProcessId), 0, descriptors + 8);
        Assert.Equal(0, await daemon.StopAsync());
    }

    private static async Task FetchAsync(string socket)
    {
        using RpcChannel channel = new(new UnixDomainSocketEndPoint(socket));
        Method<X509SVIDRequest, X509SVIDResponse> method = new(MethodType.ServerStreaming, "SpiffeWorkloadAPI", "FetchX509SVID", X509SVIDResponse.Parser);
        CallOptions options = new(new Metadata { { "workload.spiffe.io", "true" } }, RealDaemon.Patience);
        using ClientCall<X509SVIDRequest, X509SVIDResponse> call = channel.Call(method, new X509SVIDRequest(), options);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("spiffe://example.org/web", Assert.Single(call.ResponseStream.Current.Svids).SpiffeId);
    }

    /// <summary>Starts an attack as nobody.</summary>
    private static Process Start(IEnumerable<string> arguments)
    {
        string script = Repository.Path("tests", "Integration", "Daemon", "hostile.py");
        ProcessStartInfo start = new("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Python, "-c", File.ReadAllText(script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static int Descriptors(int processId) =>
        Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd")).Length;

    /// <summary>Resident bytes.</summary>
    private static long Memory(int processId) => long.Parse(
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/statm")).Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
