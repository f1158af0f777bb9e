using System.Diagnostics;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Tests.Benchmarks.Floors;
using Spiffe.Agent.Tests.Benchmarks.Load;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>Thousands of open watches: what each costs, how fast all of them have a rotated SVID, and what is left when they are gone.</summary>
internal static class HeldStreams
{
    private const int Streams = 5000;
    private const int Connections = 8;
    private const double AimPerStream = 8 * 1024;

    /// <summary>Rotation falls into the middle of this, 9 to 11 s after the first response: late enough for memory to be read before it.</summary>
    private const string ShortTtl = "20s";

    public static void Run(string file, string directory, ChildProcess floor)
    {
        Console.WriteLine();
        Console.WriteLine($"-- {Streams} streams held over {Connections} connections");
        using DaemonUnderTest daemon = DaemonUnderTest.Start(file, directory, x509Ttl: ShortTtl);
        using (LoadConnection warm = new(daemon.Socket)) warm.Run(Calls.FetchX509, CallEnd.FirstMessage, 2000, 8);
        int length;
        long before, held;
        using (LoadConnection probe = new(daemon.Socket))
        {
            probe.Run(Calls.FetchX509, CallEnd.FirstMessage, 1, 1);
            length = probe.LastMessage.Length;
            before = daemon.Process.Resident();
        }

        LoadConnection[] connections = Open(daemon.Socket, Calls.FetchX509, out TimeSpan opening);
        held = daemon.Process.Resident();
        Table.Figure("all opened in", opening.TotalMilliseconds, "ms");
        Table.Figure("resident memory per stream", (held - before) * 1024.0 / Streams, "bytes", AimPerStream);
        Table.Figure("all have a rotated SVID within", Rotate(connections).TotalMilliseconds, "ms after the first");
        long rotated = daemon.Process.Resident();
        Close(connections);
        GiveBack(daemon, before, rotated);

        CallTemplate hold = Calls.Floor(true, length, new X509SVIDRequest());
        long floorBefore = floor.Resident();
        LoadConnection[] bare = Open(Path.Combine(directory, FloorServer.HttpSocket), hold, out opening);
        Table.Figure("bare handler: all opened in", opening.TotalMilliseconds, "ms");
        Table.Figure("bare handler: resident memory per stream", (floor.Resident() - floorBefore) * 1024.0 / Streams, "bytes");
        Close(bare);
    }

    private static LoadConnection[] Open(string socket, CallTemplate call, out TimeSpan taken)
    {
        LoadConnection[] connections = [.. Enumerable.Range(0, Connections).Select(_ => new LoadConnection(socket))];
        long start = Stopwatch.GetTimestamp();
        Parallel.ForEach(connections, c => c.Hold(call, Streams / Connections));
        taken = Stopwatch.GetElapsedTime(start);
        return connections;
    }

    /// <summary>From the first stream that has the next SVID to the last one.</summary>
    private static TimeSpan Rotate(LoadConnection[] connections)
    {
        long[] first = new long[Connections], last = new long[Connections];
        Thread[] readers = new Thread[Connections];
        for (int i = 0; i < Connections; i++)
        {
            int mine = i;
            readers[i] = new Thread(() =>
            {
                connections[mine].ReadMessages(1);
                first[mine] = Stopwatch.GetTimestamp();
                connections[mine].ReadMessages(Streams / Connections - 1);
                last[mine] = Stopwatch.GetTimestamp();
            });
            readers[i].Start();
        }

        foreach (Thread reader in readers) reader.Join();
        return Stopwatch.GetElapsedTime(first.Min(), last.Max());
    }

    private static void Close(LoadConnection[] connections)
    {
        foreach (LoadConnection connection in connections) connection.Dispose();
    }

    /// <summary>Looks once a second, as long as memory shrinks or a quarter of a minute.</summary>
    private static void GiveBack(DaemonUnderTest daemon, long before, long rotated)
    {
        long least = rotated;
        using ManualResetEventSlim second = new();
        for (int i = 0; i < 15; i++)
        {
            second.Wait(TimeSpan.FromSeconds(1));
            least = Math.Min(least, daemon.Process.Resident());
            if (least <= before) break;
        }

        Table.Figure("kept per stream after all closed", (least - before) * 1024.0 / Streams, "bytes");
        Table.Figure("  given back", 100.0 * (rotated - least) / Math.Max(1, rotated - before), "% of what was taken");
    }
}
