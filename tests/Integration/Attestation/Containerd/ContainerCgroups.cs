using System.Diagnostics;
using System.Globalization;

namespace Spiffe.Agent.Tests.Integration.Attestation.Containerd;

/// <summary>Real cgroups that look like containerd's, <c>/namespace/id</c>, with a process in them; removed in the end, processes first.</summary>
internal sealed class ContainerCgroups : IDisposable
{
    private static readonly string? Mount = Array.Find(["/sys/fs/cgroup/unified", "/sys/fs/cgroup"], root => File.Exists(Path.Combine(root, "cgroup.procs")));

    private readonly List<Process> _processes = [];

    /// <summary>Null, or why there can be none.</summary>
    public static string? Missing => Mount is null ? "no cgroup2 is mounted" : null;

    /// <summary>A namespace that nobody else has.</summary>
    public string Namespace { get; } = string.Create(CultureInfo.InvariantCulture, $"spiffe-agent-test-{Environment.ProcessId}-{Guid.NewGuid():N}")[..40];

    private string Folder => Path.Combine(Mount!, Namespace);

    /// <summary>Starts a process in <c>/namespace/<paramref name="path"/></c>.</summary>
    public int Start(string path)
    {
        Process process = Process.Start("/bin/sleep", "3600");
        _processes.Add(process);
        Move(process.Id, path);
        return process.Id;
    }

    public void Move(int processId, string path)
    {
        string folder = Path.Combine(Folder, path);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "cgroup.procs"), processId.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        // rmdir(2), innermost first: the files of a cgroup cannot be deleted and need not be.
        if (!Directory.Exists(Folder)) return;
        foreach (string folder in Directory.GetDirectories(Folder, "*", SearchOption.AllDirectories).OrderByDescending(f => f.Length)) RemoveEmpty(folder);
        RemoveEmpty(Folder);
    }

    // A cgroup is busy for a moment after its last process was reaped.
    private static void RemoveEmpty(string folder)
    {
        using Process rmdir = Process.Start("/bin/sh", ["-c", "for i in 1 2 3 4 5 6 7 8 9; do rmdir \"$0\" 2>/dev/null && exit; sleep 0.1; done; exec rmdir \"$0\"", folder]);
        rmdir.WaitForExit();
    }
}
