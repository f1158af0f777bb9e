using System.Diagnostics;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Benchmarks.Attesting;

/// <summary>What a user's calls cost while another user has programs hashed without end: huge ones, changed before each call, so that none is ever remembered.</summary>
/// <remarks>Real processes, the real attestor; the victim is root and the other nobody. Quiet and hostile rounds take turns, in this run.</remarks>
internal static class HostileSection
{
    private const int HostileProcesses = 16;
    private const long HostileSize = 256L << 20;
    private const int VictimSize = 2 << 20;
    private const int Rounds = 4;
    private const int CallsPerRound = 25;
    private const int CallsOfTheFloor = 5; // Each may take as long as the deadline.

    public static void Run()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Console.WriteLine("skipped: needs root, to be two users");
            return;
        }

        RunAsync().GetAwaiter().GetResult();
    }

    private static async Task RunAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hostile-");
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        List<Process> started = [];
        try
        {
            (string Program, PeerProcess Peer)[] hostile = [.. Enumerable.Range(0, HostileProcesses).Select(i => Start(folder, started, $"huge{i}", HostileSize, "65534"))];
            (string program, PeerProcess victim) = Start(folder, started, "victim", VictimSize, "0");
            Console.WriteLine($"{HostileProcesses} processes of another user, {HostileSize >> 20} MiB of program each; the victim's has {VictimSize >> 20} MiB");
            await CompareAsync("by turns, slices of 1 MiB", new AttestationOptions(), CallsPerRound, program, victim, hostile);
            await CompareAsync("by turns, whole files (as a floor)", new AttestationOptions { HashSliceSize = long.MaxValue / 2 }, CallsOfTheFloor, program, victim, hostile);
            victim.Dispose();
            foreach ((_, PeerProcess peer) in hostile) peer.Dispose();
        }
        finally
        {
            foreach (Process process in started)
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }

            folder.Delete(recursive: true);
        }
    }

    private static async Task CompareAsync(
        string name, AttestationOptions options, int calls, string program, PeerProcess victim, (string Program, PeerProcess Peer)[] hostile)
    {
        WorkloadAttestor attestor = new([new UnixAttestor(options, TimeProvider.System)], options, TimeProvider.System);
        EvidenceDemand hash = EvidenceDemand.Of(SelectorKinds.Of([new("unix", "uid:1"), new("unix", "sha256:0")])), uid = EvidenceDemand.Of(SelectorKinds.Of([new("unix", "uid:1")]));
        List<double>[] quiet = [[], []], loud = [[], []];
        for (int round = 0; round < Rounds; round++)
        {
            await MeasureAsync(attestor, calls, program, victim, uid, hash, quiet);
            using CancellationTokenSource stop = new();
            Task[] floods = [.. hostile.Select(h => Task.Run(() => FloodAsync(attestor, h.Program, h.Peer, hash, stop.Token)))];
            await MeasureAsync(attestor, calls, program, victim, uid, hash, loud);
            await stop.CancelAsync();
            await Task.WhenAll(floods);
            foreach ((_, PeerProcess peer) in hostile) await DrainAsync(attestor, peer, hash);
        }

        Console.WriteLine($"-- {name}");
        Print("first hash of the victim's program", quiet[0], loud[0]);
        Print("attestation by uid", quiet[1], loud[1]);
    }

    /// <summary>First hashes, each of a program that has just changed, and attestations that need none.</summary>
    private static async Task MeasureAsync(
        WorkloadAttestor attestor, int calls, string program, PeerProcess victim, EvidenceDemand uid, EvidenceDemand hash, List<double>[] times)
    {
        for (int call = 0; call < calls; call++)
        {
            Touch(program);
            times[0].Add(await TimeAsync(attestor, victim, hash));
            times[1].Add(await TimeAsync(attestor, victim, uid));
        }
    }

    private static async Task FloodAsync(WorkloadAttestor attestor, string program, PeerProcess peer, EvidenceDemand hash, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Touch(program);
            try
            {
                await attestor.AttestAsync(peer, hash, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Waits until nothing of a process is left to hash: or the next quiet round would not be quiet.</summary>
    private static async Task DrainAsync(WorkloadAttestor attestor, PeerProcess peer, EvidenceDemand hash)
    {
        while (await attestor.AttestAsync(peer, hash, CancellationToken.None) is not AttestationResult.Attested { Evidence.Count: > 1 })
        {
        }
    }

    private static async Task<double> TimeAsync(WorkloadAttestor attestor, PeerProcess peer, EvidenceDemand demand)
    {
        long start = Stopwatch.GetTimestamp();
        await attestor.AttestAsync(peer, demand, CancellationToken.None); // One that is too late counts as long as it took.
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Makes another state of a file: its change time is part of what a hash is remembered by.</summary>
    private static void Touch(string program) => File.SetLastWriteTimeUtc(program, DateTime.UnixEpoch.AddSeconds(Stopwatch.GetTimestamp() % 1_000_000_000));

    private static void Print(string name, List<double> quiet, List<double> loud) =>
        Console.WriteLine($"{name,-40} quiet p50 {At(quiet, 0.5),8:F3} p99 {At(quiet, 0.99),8:F3} ms   hostile p50 {At(loud, 0.5),8:F3} p99 {At(loud, 0.99),8:F3} ms   {At(loud, 0.5) / At(quiet, 0.5):F1} and {At(loud, 0.99) / At(quiet, 0.99):F1} x quiet");

    private static double At(List<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(part * (sorted.Length - 1))];
    }

    /// <summary>A copy of sleep, made as long as that, running as that user.</summary>
    private static (string Program, PeerProcess Peer) Start(DirectoryInfo folder, List<Process> started, string name, long size, string user)
    {
        string program = Path.Combine(folder.FullName, name);
        File.Copy(new FileInfo("/bin/sleep").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "/bin/sleep", program);
        using (FileStream file = new(program, FileMode.Open)) file.SetLength(size);
        Process process = Process.Start("setpriv", [$"--reuid={user}", $"--regid={user}", "--clear-groups", program, "600"]);
        started.Add(process);
        while (new FileInfo($"/proc/{process.Id}/exe").LinkTarget != program) Thread.Yield();
        if (!PeerProcess.TryOpen(process.Id, out PeerProcess? peer, out PeerRefusal refusal)) throw new InvalidOperationException($"{refusal}");
        return (program, peer);
    }
}
