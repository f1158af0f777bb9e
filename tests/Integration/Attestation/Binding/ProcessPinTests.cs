using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.Integration.Attestation.Cgroups;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>Real processes that become something else after they were bound.</summary>
public sealed class ProcessPinTests : IDisposable
{
    private readonly Scene _scene = new();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pin-");

    public void Dispose()
    {
        _scene.Dispose();
        _folder.Delete(recursive: true);
    }

    [RequiresToolFact("perl")]
    public async Task Process_that_goes_on_is_unchanged()
    {
        (int pid, PeerProcess peer, ProcessPin pin) = await PinnedAsync();
        Assert.True(pin.SeesExecutable);
        Assert.True(pin.SeesExec);
        Assert.Equal("echo", await _scene.AskAsync(pid, "echo"));
        int child = await _scene.SpawnAsync(pid, "fork");

        Assert.Equal(PinChange.None, pin.Compare(peer));
        Assert.Equal(PinChange.None, pin.Compare(_scene.Open(pid))); // Over another connection.
        Assert.Equal(PinChange.Exited, pin.Compare(_scene.Open(child))); // Another process, though it is the same in everything else.
    }

    [RequiresToolFact("perl")]
    public async Task Exec_of_another_file_changes_the_executable()
    {
        (int pid, PeerProcess peer, ProcessPin pin) = await PinnedAsync();
        await _scene.ExecAsync(pid, "cat");
        Assert.Equal(PinChange.Executable, pin.Compare(peer));
    }

    [RequiresToolFact("perl")]
    public async Task Exec_of_the_same_file_changes_the_executable()
    {
        if (!Randomised()) return; // Without address randomisation the kernel tells two runs of one file apart by nothing that can be read.
        (int pid, PeerProcess peer, ProcessPin pin) = await PinnedAsync();
        string file = new FileInfo($"/proc/{pid}/exe").LinkTarget!;
        await _scene.ExecPerlAsync(pid, file);

        Assert.Equal(file, new FileInfo($"/proc/{pid}/exe").LinkTarget); // Nothing has changed to who looks at the file.
        Assert.Equal(PinChange.Executable, pin.Compare(peer));

        static bool Randomised() => File.ReadAllText("/proc/sys/kernel/randomize_va_space").Trim() != "0";
    }

    [RequiresToolFact("perl")]
    public async Task Executable_that_is_replaced_while_it_runs_is_no_change_and_its_successor_is_one()
    {
        string program = Path.Combine(_folder.FullName, "program");
        int pid = _scene.Start(Copy(program));
        Assert.Equal("echo", await _scene.AskAsync(pid, "echo"));
        PeerProcess peer = _scene.Open(pid);
        ProcessPin pin = ProcessPin.Take(peer, out _)!;

        File.Move(Copy(program + ".new"), program, overwrite: true); // As package managers do: the old inode lives on without a name.
        Assert.Equal(PinChange.None, pin.Compare(peer));
        await _scene.ExecPerlAsync(pid, program);
        Assert.Equal(PinChange.Executable, pin.Compare(peer));
    }

    [RequiresToolFact("perl")]
    public async Task File_that_was_given_the_inode_of_the_pinned_one_is_another()
    {
        string program = Path.Combine(_folder.FullName, "program");
        int pid = _scene.Start(Copy(program));
        Assert.Equal("echo", await _scene.AskAsync(pid, "echo"));
        PeerProcess peer = _scene.Open(pid);
        RunningFile pinned = RunningFile.Of(peer)!.Value;
        DateTime modified = File.GetLastWriteTimeUtc(program);

        await _scene.ExecPerlAsync(pid, "perl");
        File.Delete(program);
        for (int attempt = 0; attempt < 5; attempt++) // Not every file system gives them again.
        {
            string next = Copy(Path.Combine(_folder.FullName, $"next{attempt}"));
            int other = _scene.Start(next);
            Assert.Equal("echo", await _scene.AskAsync(other, "echo"));
            File.SetLastWriteTimeUtc(next, modified);
            RunningFile running = RunningFile.Of(_scene.Open(other))!.Value;
            Assert.NotEqual(pinned, running);
            if (running.Inode == pinned.Inode) return; // The same file to who compares numbers.
        }
    }

    [RequiresRootFact("perl")]
    public async Task Change_of_ids_is_seen()
    {
        (int pid, PeerProcess peer, ProcessPin pin) = await PinnedAsync();
        await _scene.AskAsync(pid, "become 65534");
        Assert.Equal(PinChange.Credentials, pin.Compare(peer));
        Assert.Null(ProcessPin.Take(peer, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.CredentialsChanged, refusal);
    }

    [CgroupFact]
    public void Move_to_another_cgroup_and_to_one_of_the_same_name_is_seen()
    {
        using CgroupTree tree = new(CgroupTree.Unified);
        string cgroup = tree.Make($"/test-{Guid.NewGuid():N}"), refuge = tree.Make($"/test-{Guid.NewGuid():N}");
        int pid = tree.Sleep(cgroup);
        using PeerProcess peer = CgroupTree.Open(pid);
        ProcessPin pin = ProcessPin.Take(peer, out _)!;
        Assert.Equal(PinChange.None, pin.Compare(peer));

        tree.Move(pid, refuge);
        Assert.Equal(PinChange.Cgroup, pin.Compare(peer));
        tree.Move(pid, cgroup);
        Assert.Equal(PinChange.None, pin.Compare(peer));
        tree.Move(pid, refuge);
        tree.Remove(cgroup);
        tree.Make(cgroup);
        tree.Move(pid, cgroup);
        Assert.Equal(Requirement.Kernel(6, 13) is null ? PinChange.Cgroup : PinChange.None, pin.Compare(peer));
    }

    [RequiresRootFact("perl")]
    public async Task Several_changes_are_told_together()
    {
        (int pid, PeerProcess peer, ProcessPin pin) = await PinnedAsync();
        await _scene.AskAsync(pid, "become 65534");
        await _scene.ExecAsync(pid, "cat");
        Assert.Equal(PinChange.Credentials | PinChange.Executable, pin.Compare(peer));
    }

    [RequiresToolFact("perl")]
    public async Task Exit_is_told_alone_by_zombies_and_reaped_processes()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        PeerProcess peer = _scene.Open(child);
        ProcessPin pin = ProcessPin.Take(peer, out _)!;
        using ProcessHold hold = _scene.Hold(child);
        hold.Kill();
        await hold.Exited.WaitAsync(Scene.Patience);

        Assert.Equal(PinChange.Exited, pin.Compare(peer));
        await _scene.AskAsync(parent, "reap");
        Assert.Equal(PinChange.Exited, pin.Compare(peer));
        Assert.Null(ProcessPin.Take(peer, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.PeerExited, refusal);
    }

    [RequiresToolFact("perl")]
    public async Task Stopped_process_is_unchanged()
    {
        (int pid, PeerProcess peer, ProcessPin pin) = await PinnedAsync();
        using ProcessHold hold = _scene.Hold(pid);
        hold.Stop();
        await Scene.UntilAsync(() => Scene.StateOf(pid) == 'T');
        Assert.Equal(PinChange.None, pin.Compare(peer));
    }

    /// <summary>A copy of perl.</summary>
    private static string Copy(string path)
    {
        string perl = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "perl")).First(File.Exists);
        File.Copy(perl, path);
        return path;
    }

    private async Task<(int Pid, PeerProcess Peer, ProcessPin Pin)> PinnedAsync()
    {
        int pid = _scene.Start();
        PeerProcess peer = _scene.Open(pid);
        Assert.Equal("echo", await _scene.AskAsync(pid, "echo")); // Its own exec is behind it.
        ProcessPin? pin = ProcessPin.Take(peer, out PeerRefusal refusal);
        Assert.Equal(PeerRefusal.None, refusal);
        return (pid, peer, pin!);
    }
}
