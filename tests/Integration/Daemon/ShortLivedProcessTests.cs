using System.Globalization;
using Spiffe.Agent.Tests.TestKit.Descriptors;
using Spiffe.Agent.Tests.TestKit.Requirements;
using Xunit.Abstractions;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>Processes that come by the thousand, take an identity and are gone.</summary>
public sealed class ShortLivedProcessTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>How many; more by environment: <c>SPIFFE_TEST_SHORT_LIVED=60000</c> is a minute of a thousand a second.</summary>
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("SPIFFE_TEST_SHORT_LIVED") ?? "10000", CultureInfo.InvariantCulture);

    /// <summary>Until the heap has the size that such a rate takes.</summary>
    private const int WarmUp = 10_000;

    private const long MaxGrowth = 32L << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("short-");

    [RequiresRootFact("/usr/bin/gcc")]
    public async Task Leave_no_descriptor_and_no_memory_behind()
    {
        string program = Path.Combine(_folder.FullName, "client");
        await NativeClient.BuildAsync(program);
        await using RealDaemon daemon = await RealDaemon.StartAsync($$"""
            trust_domain: example.org
            limits: { requests_per_second_per_uid: 0 }
            entries: [ { id: /web, selectors: [ "unix:uid:0", "unix:path:{{program}}" ] }, { id: "/process/{unix:pid}", selectors: [ "unix:uid:0", "unix:gid:4242" ] } ]
            """);
        await StormAsync(program, daemon.WorkloadSocket, WarmUp);
        OpenDescriptors descriptors = await SettledAsync(daemon.ProcessId);
        long memory = Memory(daemon.ProcessId);

        long start = TimeProvider.System.GetTimestamp();
        await StormAsync(program, daemon.WorkloadSocket, Count);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);

        await descriptors.NoMoreThanThenAsync(spare: 0);
        long growth = Memory(daemon.ProcessId) - memory;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} in {took.TotalSeconds:F1} s, {growth >> 10} KiB more"));
        Assert.InRange(growth, long.MinValue, MaxGrowth);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task StormAsync(string program, string socket, int count)
    {
        await using NativeClient client = NativeClient.Start(program, "storm", socket, count.ToString(CultureInfo.InvariantCulture), "8");
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"served {count}"), await client.NextAsync());
    }

    /// <summary>Descriptors, once the last connections are closed.</summary>
    private static async Task<OpenDescriptors> SettledAsync(int processId)
    {
        OpenDescriptors seen = OpenDescriptors.Of(processId);
        for (int quiet = 0, waits = 0; waits < 600 && quiet < 10; waits++)
        {
            await Task.Delay(50);
            OpenDescriptors now = OpenDescriptors.Of(processId);
            quiet = now.Count == seen.Count ? quiet + 1 : 0;
            seen = now;
        }

        return seen;
    }

    /// <summary>Resident bytes.</summary>
    private static long Memory(int processId) => long.Parse(
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/statm")).Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
