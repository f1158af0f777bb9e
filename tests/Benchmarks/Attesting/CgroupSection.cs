using System.Diagnostics;
using System.Globalization;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Tests.Benchmarks.Attesting;

/// <summary>What it costs to say which container a process is in: a pod's container with the systemd driver, five directories deep. Needs root.</summary>
internal static class CgroupSection
{
    private const int CallsPerRound = 100;

    public static void Run()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Console.WriteLine("skipped: needs root");
            return;
        }

        string top = File.Exists("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";
        string pod = Guid.NewGuid().ToString("N");
        string id = pod + Guid.NewGuid().ToString("N");
        string[] names = ["kubepods.slice", "kubepods-burstable.slice", $"kubepods-burstable-pod{pod}.slice", $"cri-containerd-{id}.scope"];
        List<string> folders = [];
        foreach (string name in names) folders.Add($"{folders.LastOrDefault(top)}/{name}");
        string[] made = [.. folders.Where(folder => !Directory.Exists(folder))];
        using Process process = Process.Start("sleep", "600");
        try
        {
            Directory.CreateDirectory(folders[^1]);
            File.WriteAllText(folders[^1] + "/cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));
            Measure(process.Id, id);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            foreach (string folder in made.Reverse()) Directory.Delete(folder);
        }
    }

    private static void Measure(int pid, string id)
    {
        if (!PeerProcess.TryOpen(pid, out PeerProcess? opened, out PeerRefusal refusal)) throw new InvalidOperationException($"{refusal}");
        using PeerProcess peer = opened;
        CgroupReader reader = new(new CgroupOptions());
        CgroupReading reading = reader.Read(peer);
        if (reading.Place.Container?.Id != id) throw new InvalidOperationException($"{reading.Refusal}: {reading.Detail}");
        var results = Stopclock.Measure(
            CallsPerRound,
            ("floor: open, read, close /proc/PID/cgroup", () => _ = CgroupText.Read(peer, out _)),
            ("whole reading: text, layout, owners, id", () => _ = reader.Read(peer)),
            ("at the end: is it still there", () =>
            {
                if (!CgroupReader.IsStill(reading, peer)) throw new InvalidOperationException("moved");
            }
        ),
            ("of another process by its number", () => _ = reader.ReadProcess(pid)));
        Stopclock.Print(results, results[0].Microseconds);
    }
}
