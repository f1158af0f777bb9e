using Spiffe.Agent.Tests.Benchmarks.Floors;
using Spiffe.Agent.Tests.Benchmarks.Load;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>The published daemon beside its floors, all in this run.</summary>
internal static class DaemonSection
{
    private const int Strangers = 5000;
    private const int Starts = 9;

    public static void Run(string file)
    {
        string directory = Directory.CreateTempSubdirectory("spiffe-bench-").FullName;
        try
        {
            using ChildProcess floor = ChildProcess.Start(Environment.ProcessPath!, "floor", directory);
            if (floor.Output.ReadLine() is not "ready") throw new RefusedException("the floor does not start");
            Compare(file, directory, floor, 0);
            HeldStreams.Run(file, directory, floor);
            Compare(file, directory, floor, Strangers);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Compare(string file, string directory, ChildProcess floor, int strangers)
    {
        Console.WriteLine();
        Console.WriteLine(strangers == 0 ? "-- one entry, which matches" : $"-- {strangers} more entries, which do not match");
        StartAndRest(file, directory, strangers);
        using DaemonUnderTest daemon = DaemonUnderTest.Start(file, directory, strangers);
        string floorSocket = Path.Combine(directory, FloorServer.HttpSocket);
        Table.Head();
        CallMeasurements measurements = new(daemon, floor, floorSocket);
        if (strangers == 0) measurements.Echo(Path.Combine(directory, FloorServer.EchoSocket));
        foreach (int workers in (int[])[1, 8, 64]) measurements.NewStream(workers);
        measurements.Connect();
        measurements.Jwt();
    }

    private static void StartAndRest(string file, string directory, int strangers)
    {
        double[] starts = new double[Starts];
        for (int i = 0; i < Starts; i++)
        {
            using DaemonUnderTest daemon = DaemonUnderTest.Start(file, directory, strangers);
            starts[i] = daemon.ToFirstSvid.TotalMilliseconds;
            if (i < Starts - 1) continue;
            using ManualResetEventSlim rest = new();
            rest.Wait(TimeSpan.FromSeconds(2)); // Idle is what is measured.
            ChildProcess process = daemon.Process;
            Table.Figure("start to first SVID, best", starts.Min(), "ms", 160);
            Table.Figure("start to first SVID, median", Contest.Median(starts), "ms");
            Table.Figure("idle RSS, one SVID served", process.Resident() / 1024.0, "MiB", 40);
            Table.Figure("  private (RssAnon)", process.Resident("RssAnon") / 1024.0, "MiB");
            Table.Figure("  mapped from files, shared (RssFile)", process.Resident("RssFile") / 1024.0, "MiB");
            Table.Figure("  code double-mapped for W^X (RssShmem)", process.Resident("RssShmem") / 1024.0, "MiB");
        }
    }
}
