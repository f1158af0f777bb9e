using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>Real processes, held and seen to end.</summary>
public sealed class ProcessHoldTests : IDisposable
{
    private const int SigKill = 9;

    private readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [RequiresToolFact("perl")]
    public async Task Exit_is_told_with_its_code()
    {
        int pid = _scene.Start();
        using ProcessHold hold = _scene.Hold(pid);
        Assert.False(hold.Exited.IsCompleted);

        _scene.Tell(pid, "exit 7");

        ProcessExit exit = await hold.Exited.WaitAsync(Scene.Patience);
        if (exit.IsKnown) Assert.Equal(new ProcessExit(7, null), exit); // This test's runtime reaps at once: before Linux 6.15 that may hide it.
        else Assert.NotNull(Requirement.Kernel(6, 15));
    }

    [RequiresToolFact("perl")]
    public async Task Zombie_has_exited_and_tells_its_signal_though_nobody_has_reaped_it()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        using ProcessHold hold = _scene.Hold(child);

        Assert.True(hold.Kill().IsDone);

        Assert.Equal(new ProcessExit(null, SigKill), await hold.Exited.WaitAsync(Scene.Patience));
        Assert.Equal('Z', Scene.StateOf(child));
        Assert.Null(ProcessHold.TryHold(hold.Peer, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.PeerExited, refusal);
        Assert.Equal(ContainOutcome.Done, hold.Kill().Outcome); // A zombie takes signals, to no effect.
        Assert.Equal($"{child}", await _scene.AskAsync(parent, "reap"));
        Assert.Equal(ContainOutcome.Gone, hold.Kill().Outcome);
    }

    [RequiresToolFact("perl")]
    public async Task Reaped_process_is_told_of_when_it_is_held_too_late_to_see_it()
    {
        int parent = _scene.Start();
        int child = await _scene.SpawnAsync(parent, "fork");
        using PeerProcess peer = _scene.Open(child);
        using (ProcessHold hold = _scene.Hold(child))
        {
            hold.Kill();
            await hold.Exited.WaitAsync(Scene.Patience);
        }

        await _scene.AskAsync(parent, "reap");
        ProcessExit exit = ExitStatus.Of(peer);
        Assert.Equal(Requirement.Kernel(6, 15) is null ? new ProcessExit(null, SigKill) : ProcessExit.Unknown, exit);
    }

    [RequiresToolFact("perl")]
    public async Task Stopped_process_has_not_exited_and_goes_on()
    {
        int pid = _scene.Start();
        using ProcessHold hold = _scene.Hold(pid);

        Assert.Equal(ContainOutcome.Done, hold.Stop().Outcome);
        await Scene.UntilAsync(() => Scene.StateOf(pid) == 'T');
        Assert.False(hold.Exited.IsCompleted);
        Assert.Equal(PeerRefusal.None, hold.Peer.Check());

        Assert.Equal(ContainOutcome.Done, hold.Continue().Outcome);
        Assert.Equal("echo", await _scene.AskAsync(pid, "echo"));
        Assert.False(hold.Exited.IsCompleted);
    }

    [RequiresToolFact("python3")]
    public async Task Process_whose_first_thread_has_ended_has_not_exited()
    {
        const string Program = """
            import ctypes, sys, threading, time
            threading.Thread(target=lambda: (sys.stdin.readline(), time.sleep(600))).start()
            print("ready", flush=True)
            ctypes.CDLL(None).syscall(NUMBER, 0)
            """;
        string number = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? "60" : "93"; // SYS_exit
        int pid = _scene.Run("python3", "-c", Program.Replace("NUMBER", number, StringComparison.Ordinal));
        Assert.Equal("ready", await _scene.HearAsync(pid));
        await Scene.UntilAsync(() => Scene.StateOf(pid) == 'Z'); // What a naive look at /proc takes for its end.
        using ProcessHold hold = _scene.Hold(pid);
        using ProcessHold sentinel = _scene.Hold(_scene.Start());

        sentinel.Kill();
        await sentinel.Exited.WaitAsync(Scene.Patience); // The watch has had its turn.
        Assert.False(hold.Exited.IsCompleted);

        hold.Kill();
        await hold.Exited.WaitAsync(Scene.Patience);
    }

    [RequiresToolFact("perl")]
    public async Task Exec_is_no_exit()
    {
        int pid = _scene.Start();
        using ProcessHold hold = _scene.Hold(pid);
        using ProcessHold sentinel = _scene.Hold(_scene.Start());

        await _scene.ExecAsync(pid, "cat");
        Assert.Equal("echoed by cat", await _scene.AskAsync(pid, "echoed by cat"));
        sentinel.Kill();
        await sentinel.Exited.WaitAsync(Scene.Patience);

        Assert.False(hold.Exited.IsCompleted);
        Assert.Equal(hold.Identity, ProcessIdentity.Of(_scene.Open(pid)));
    }

    [RequiresToolFact("python3")]
    public async Task Exec_by_another_thread_than_the_first_is_no_exit()
    {
        const string Program = """
            import os, sys, threading, time
            threading.Thread(target=lambda: (sys.stdin.readline(), os.execvp("cat", ["cat"]))).start()
            print("ready", flush=True)
            time.sleep(600)
            """;
        int pid = _scene.Run("python3", "-c", Program);
        Assert.Equal("ready", await _scene.HearAsync(pid));
        using ProcessHold hold = _scene.Hold(pid);
        using ProcessHold sentinel = _scene.Hold(_scene.Start());

        _scene.Tell(pid, "go");
        await Scene.UntilAsync(() => File.ReadAllText($"/proc/{pid}/comm") == "cat\n");
        sentinel.Kill();
        await sentinel.Exited.WaitAsync(Scene.Patience);

        Assert.False(hold.Exited.IsCompleted);
        Assert.Equal("alive", await _scene.AskAsync(pid, "alive"));
        hold.Kill();
        await hold.Exited.WaitAsync(Scene.Patience);
    }

    [RequiresToolFact("perl")]
    public async Task Hold_outlives_the_connection_it_was_made_for()
    {
        int pid = _scene.Start();
        Assert.True(PeerProcess.TryOpen(pid, out PeerProcess? caller, out _));
        using ProcessHold hold = ProcessHold.TryHold(caller, out _)!;
        caller.Dispose();

        Assert.Equal(PeerRefusal.None, hold.Peer.Check());
        hold.Kill();
        await hold.Exited.WaitAsync(Scene.Patience);
    }

    [RequiresToolFact("perl")]
    public void Callers_of_one_process_have_one_identity_and_another_process_has_another()
    {
        int pid = _scene.Start();
        using ProcessHold hold = _scene.Hold(pid);
        ProcessIdentity second = ProcessIdentity.Of(_scene.Open(pid));
        ProcessIdentity other = ProcessIdentity.Of(_scene.Open(_scene.Start()));

        Assert.Equal(hold.Identity, second);
        Assert.Equal(hold.Identity.GetHashCode(), second.GetHashCode());
        Assert.NotEqual(hold.Identity, other);
        Assert.Contains($"/{pid}/", second.ToString(), StringComparison.Ordinal);
        if (Requirement.Kernel(6, 9) is null) Assert.NotEqual(0ul, second.KernelNumber);
    }

    [RequiresToolFact("perl")]
    public async Task Disposed_hold_cancels_its_exit()
    {
        ProcessHold hold = _scene.Hold(_scene.Start());
        hold.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hold.Exited);
    }

    [RequiresRootFact("perl")]
    public async Task Caller_that_has_changed_its_ids_is_refused()
    {
        int pid = _scene.Start();
        PeerProcess caller = _scene.Open(pid);
        await _scene.AskAsync(pid, "become 65534");

        Assert.Null(ProcessHold.TryHold(caller, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.CredentialsChanged, refusal);
    }

    [Fact]
    public void This_process_is_not_contained()
    {
        using ProcessHold self = _scene.Hold(Environment.ProcessId);
        Assert.Equal(ContainOutcome.Refused, self.Stop().Outcome);
        Assert.Equal(ContainOutcome.Refused, self.Kill().Outcome);
    }

    [RequiresToolFact("perl")]
    public async Task Two_thousand_holds_leave_no_descriptor_and_no_thread_behind()
    {
        int pid = _scene.Start();
        PeerProcess caller = _scene.Open(pid);
        ProcessHold.TryHold(caller, out _)!.Dispose(); // The watch's own thread and descriptor stay.
        int watched = KernelWatch.Count;

        ProcessHold[] holds = [.. Enumerable.Range(0, 2000).Select(_ => ProcessHold.TryHold(caller, out PeerRefusal _)!)];
        Assert.All(holds, Assert.NotNull);
        string naming = $"/proc/{pid}";
        Assert.True(Directories() >= 2000); // Else the count below could not fail.
        Assert.Equal(1, Threads());
        foreach (ProcessHold hold in holds.AsSpan(0, 1000)) hold.Dispose();
        holds[1000].Kill();
        await Task.WhenAll(holds.AsSpan(1000).ToArray().Select(h => h.Exited)).WaitAsync(Scene.Patience);
        foreach (ProcessHold hold in holds.AsSpan(1000)) hold.Dispose();

        Assert.InRange(Directories(), 0, 2); // Its caller's, and this scene's.
        Assert.Equal(1, Threads());
        await Scene.UntilAsync(() => KernelWatch.Count < watched + 500); // Other tests watch too, a thousand for a moment.

        int Directories() => Directory.GetFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget is { } target && target == naming);
        static int Threads() => Directory.GetDirectories("/proc/self/task").Count(IsTheWatch);
    }

    private static bool IsTheWatch(string task)
    {
        try
        {
            return File.ReadAllText(task + "/comm") == "bindings\n";
        }
        catch (IOException)
        {
            return false; // Another thread, which has ended meanwhile.
        }
    }
}
