using System.Diagnostics;
using System.Globalization;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Tests.Benchmarks.Attesting;

/// <summary>What it costs to hold a process and its cgroup, to see what has changed of it, and how long after its end that is known. Needs root.</summary>
internal static class BindingSection
{
    private const int CallsPerRound = 100;
    private const int Ends = 400;
    private const int Bystanders = 4000;

    public static void Run()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Console.WriteLine("skipped: needs root");
            return;
        }

        string unit = $"{(File.Exists("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified")}/bench-{Guid.NewGuid():N}.service";
        using Process process = Process.Start("sleep", "600");
        try
        {
            Directory.CreateDirectory(unit + "/below");
            File.WriteAllText(unit + "/below/cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));
            Measure(process.Id);
            MeasureEndsAsync(process.Id).GetAwaiter().GetResult();
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            Directory.Delete(unit + "/below");
            Directory.Delete(unit);
        }
    }

    private static void Measure(int pid)
    {
        using PeerProcess peer = Open(pid);
        ProcessPin pin = ProcessPin.Take(peer, out _) ?? throw new InvalidOperationException("no pin");
        CgroupReading reading = new CgroupReader(new CgroupOptions()).Read(peer);
        using CgroupHold unit = CgroupHold.TryHold(reading, CgroupScope.Unit, out CgroupHoldFault fault) ?? throw new InvalidOperationException($"{fault}");
        using CgroupHold own = CgroupHold.TryHold(reading, CgroupScope.Own, out fault) ?? throw new InvalidOperationException($"{fault}");
        using PeerProcess self = Open(Environment.ProcessId);
        var results = Stopclock.Measure(
            CallsPerRound,
            ("floor: is it alive, with its ids", () => _ = peer.Check()),
            ("its identity", () => _ = ProcessIdentity.Of(peer)),
            ("hold and let go", () => ProcessHold.TryHold(peer, out _)!.Dispose()),
            ("hold a child and let go", () => ProcessHold.TryHoldChild(self, pid, out _)!.Dispose()),
            ("take a pin", () => _ = ProcessPin.Take(peer, out _)),
            ("compare with the pin", () => Expect(pin.Compare(peer) == PinChange.None)),
            ("hold its unit and let go", () => CgroupHold.TryHold(reading, CgroupScope.Unit, out _)!.Dispose()),
            ("is it in the cgroup", () => Expect(own.Contains(peer))),
            ("is it in the unit, one below", () => Expect(unit.Contains(peer))),
            ("is the unit empty", () => Expect(!unit.IsEmpty)));
        Stopclock.Print(results, results[0].Microseconds);
    }

    /// <summary>From SIGKILL to the continuation that hears of it, while others are held too.</summary>
    private static async Task MeasureEndsAsync(int bystander)
    {
        using PeerProcess other = Open(bystander);
        ProcessHold[] bystanders = [.. Enumerable.Range(0, Bystanders).Select(_ => ProcessHold.TryHold(other, out PeerRefusal _)!)];
        double[] milliseconds = new double[Ends];
        for (int i = 0; i < Ends; i++)
        {
            using Process victim = Process.Start("sleep", "600");
            using PeerProcess peer = Open(victim.Id);
            using ProcessHold hold = ProcessHold.TryHold(peer, out _)!;
            long start = Stopwatch.GetTimestamp();
            hold.Kill();
            await hold.Exited;
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"SIGKILL to Exited, {Bystanders} others held: median {milliseconds[Ends / 2]:F2} ms, p99 {milliseconds[Ends * 99 / 100]:F2} ms, most {milliseconds[^1]:F2} ms"));
        foreach (ProcessHold hold in bystanders) hold.Dispose();
    }

    private static PeerProcess Open(int pid) => PeerProcess.TryOpen(pid, out PeerProcess? peer, out PeerRefusal refusal) ? peer : throw new InvalidOperationException($"{refusal}");

    private static void Expect(bool good)
    {
        if (!good) throw new InvalidOperationException("changed");
    }
}
