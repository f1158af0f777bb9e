using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>Real cgroups with real processes in them, all removed at the end.</summary>
internal sealed partial class CgroupTree : IDisposable
{
    private readonly string _top;
    private readonly List<string> _made = [];
    private readonly List<Process> _started = [];

    /// <param name="top">Where the hierarchy is mounted.</param>
    internal CgroupTree(string top) => _top = top;

    /// <summary>Where the unified hierarchy is mounted: alone, or beside v1 ones.</summary>
    internal static string Unified { get; } = File.Exists("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";

    /// <summary>Null, or why there is no unified hierarchy to make cgroups in.</summary>
    internal static string? Missing => Requirement.All(Requirement.Root(), Requirement.Present(Unified + "/cgroup.procs"), Requirement.Program("setpriv"), Requirement.Program("nsenter"));

    /// <summary>64 hex digits that nobody else has.</summary>
    internal static string NewId() => Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");

    /// <summary>What attacks are held against: the last 64 hex digits anywhere in the process's cgroups.</summary>
    internal static string? NaiveContainerOf(int pid) => Ids().Matches(File.ReadAllText($"/proc/{pid}/cgroup")) is { Count: > 0 } found ? found[^1].Value : null;

    /// <summary>Makes a cgroup with all above it that are missing, each root's.</summary>
    internal string Make(string path)
    {
        string folder = _top;
        foreach (string name in path[1..].Split('/'))
        {
            folder = $"{folder}/{name}";
            if (Directory.Exists(folder)) continue;
            Directory.CreateDirectory(folder);
            _made.Add(folder);
        }

        return path;
    }

    /// <summary>Gives a cgroup to a user, as its manager does to delegate it.</summary>
    internal void Give(string path, uint uid)
    {
        string[] files = [.. new[] { "", "/cgroup.procs", "/cgroup.threads", "/cgroup.subtree_control", "/tasks" }.Select(file => _top + path + file).Where(Path.Exists)];
        Run("chown", [uid.ToString(CultureInfo.InvariantCulture), .. files]);
    }

    internal void SetMode(string path, UnixFileMode mode) => File.SetUnixFileMode(_top + path, mode);

    /// <summary>Starts a program that ends with this tree, and puts it into a cgroup.</summary>
    internal int Start(string path, params string[] command)
    {
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        _started.Add(process);
        Move(process.Id, path);
        return process.Id;
    }

    /// <summary>A waiting process with these ids: it is the shell that said so, since an exec after that would be a change of its own.</summary>
    internal int Sleep(string path, uint uid = 0)
    {
        int pid = Start(path, "setpriv", $"--reuid={uid}", "--clear-groups", "sh", "-c", "echo ready; read end");
        Assert.Equal("ready", Output(pid).ReadLine());
        return pid;
    }

    /// <summary>Ends a process and waits until it has been reaped.</summary>
    internal void End(int pid)
    {
        Process process = _started.First(p => p.Id == pid);
        process.Kill();
        process.WaitForExit();
    }

    internal void Write(int pid, string line)
    {
        Process process = _started.First(p => p.Id == pid);
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    internal StreamReader Output(int pid) => _started.First(p => p.Id == pid).StandardOutput;

    internal void Move(int pid, string path) => File.WriteAllText($"{_top}{path}/cgroup.procs", pid.ToString(CultureInfo.InvariantCulture));

    internal void Remove(string path)
    {
        Directory.Delete(_top + path);
        _made.Remove(_top + path);
    }

    internal bool TryRemove(string path)
    {
        try
        {
            Remove(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    internal static PeerProcess Open(int pid)
    {
        Assert.True(PeerProcess.TryOpen(pid, out PeerProcess? peer, out PeerRefusal refusal), $"{refusal}");
        return peer;
    }

    internal static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        foreach (string folder in Enumerable.Reverse(_made)) RemoveEmpty(folder);
    }

    /// <summary>The kernel needs a moment from a process's end until its cgroup counts as empty; another test may have cgroups of its own in a common parent.</summary>
    private static void RemoveEmpty(string folder)
    {
        for (int attempt = 0; attempt < 200 && Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder);
                return;
            }
            catch (IOException) when (Directory.GetDirectories(folder).Length == 0)
            {
                using ManualResetEventSlim pause = new();
                pause.Wait(10);
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    [GeneratedRegex(@"(?<![0-9a-zA-Z])[0-9a-f]{64}(?![0-9a-zA-Z])")]
    private static partial Regex Ids();
}
