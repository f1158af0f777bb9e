using System.Diagnostics;
using System.Security.Cryptography;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Attestation;

/// <summary>Attestation of real processes.</summary>
public sealed class WorkloadAttestorTests : IDisposable
{
    private const string Sleep = "/bin/sleep";

    private readonly string _folder = Directory.CreateTempSubdirectory("attest").FullName;
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Own_process_has_every_selector_of_its_ids()
    {
        using PeerProcess peer = Open(Environment.ProcessId);

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, SelectorKinds.All));

        Assert.Contains(new Selector("unix", $"uid:{peer.UserId}"), result.Selectors);
        Assert.Contains(new Selector("unix", $"gid:{peer.GroupId}"), result.Selectors);
        Assert.Contains(new Selector("unix", $"pid:{Environment.ProcessId}"), result.Selectors);
        Assert.Contains(new Selector("unix", $"user:{Environment.UserName}"), result.Selectors);
        Assert.Contains(result.Selectors, s => s.Value.StartsWith("path:/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_read_that_nobody_asked_for()
    {
        using PeerProcess peer = Open(Environment.ProcessId);

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("uid")));

        Assert.Equal([new Selector("unix", $"uid:{peer.UserId}")], result.Selectors);
        Assert.Empty(result.RefusedEvidence);
    }

    [Fact]
    public async Task Hash_and_path_are_of_the_program_that_runs()
    {
        string program = await CopyOfSleepAsync("trusted");
        using PeerProcess peer = Open(await StartAsync(program));
        string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(program)));

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("path", "sha256")));

        Assert.Equal(new SelectorSet([new("unix", $"path:{program}"), new("unix", $"sha256:{hash}")]), result.Selectors);
    }

    [Fact]
    public async Task Deleted_program_has_a_hash_and_no_path()
    {
        string program = await CopyOfSleepAsync("deleted");
        using PeerProcess peer = Open(await StartAsync(program));
        File.Delete(program);

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("path", "sha256")));

        Assert.StartsWith("sha256:", Assert.Single(result.Selectors).Value, StringComparison.Ordinal);
        Assert.Equal(EvidenceRefusal.ExecutableDeleted, Assert.Single(result.RefusedEvidence).Reason);
    }

    [Fact]
    public async Task Program_put_in_the_place_of_a_running_one_lends_it_nothing()
    {
        string program = await CopyOfSleepAsync("replaced");
        using PeerProcess peer = Open(await StartAsync(program));
        File.Move(program, program + ".old"); // the link follows the file
        File.Copy("/bin/true", program);

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("path", "sha256")));

        Assert.DoesNotContain(new Selector("unix", $"path:{program}"), result.Selectors);
        Assert.Contains(new Selector("unix", $"sha256:{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Sleep)))}"), result.Selectors);
    }

    [Fact]
    public async Task Name_that_merely_ends_in_deleted_is_a_path()
    {
        string program = await CopyOfSleepAsync("odd (deleted)");
        using PeerProcess peer = Open(await StartAsync(program));

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("path")));

        Assert.Equal($"path:{program}", Assert.Single(result.Selectors).Value);
    }

    [RequiresRootFact("unshare", "mount")]
    public async Task Program_mounted_over_a_trusted_path_does_not_get_that_path()
    {
        string trusted = await CopyOfSleepAsync("trusted"), evil = await CopyOfSleepAsync("evil");
        int pid = await StartAsync("/usr/bin/unshare", "-m", "sh", "-c", $"mount --bind {evil} {trusted} && exec {trusted} 60");
        using PeerProcess peer = Open(pid);
        await UntilAsync(() => new FileInfo($"/proc/{pid}/exe").LinkTarget == trusted); // what a naive daemon would believe

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("path")));

        Assert.Empty(result.Selectors);
        Assert.Equal(EvidenceRefusal.PathNamesAnotherFile, Assert.Single(result.RefusedEvidence).Reason);
    }

    [RequiresRootFact("unshare")]
    public async Task Program_of_a_pid_namespace_that_another_user_namespace_owns_is_not_evidence()
    {
        int pid = await StartAsync("/usr/bin/unshare", "-Urpf", "--kill-child", Sleep, "60");
        int child = 0;
        await UntilAsync(() => int.TryParse(File.ReadAllText($"/proc/{pid}/task/{pid}/children").Trim(), out child));
        await UntilAsync(() => (new FileInfo($"/proc/{child}/exe").LinkTarget ?? "").EndsWith("/sleep", StringComparison.Ordinal));
        using PeerProcess peer = Open(child);

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("uid", "sha256")));

        Assert.StartsWith("uid:", Assert.Single(result.Selectors).Value, StringComparison.Ordinal);
        Assert.Equal(EvidenceRefusal.SegmentsForgeable, Assert.Single(result.RefusedEvidence).Reason);
    }

    [Fact]
    public async Task Exec_between_evidence_and_decision_is_refused()
    {
        string after = await CopyOfSleepAsync("after");
        string script = Path.Combine(_folder, "go");
        int swapped = await StartAsync("/usr/bin/env", "sh", "-c", $"while ! test -e {script}; do :; done; exec {after} 60");
        using PeerProcess peer = Open(swapped);
        WaitingAttestor waiting = new(async () =>
        {
            await File.WriteAllTextAsync(script, "");
            await UntilAsync(() => new FileInfo($"/proc/{swapped}/exe").LinkTarget == after);
        });
        AttestationOptions options = new();
        WorkloadAttestor attestor = new([new UnixAttestor(options, TimeProvider.System), waiting], options, TimeProvider.System);

        AttestationResult result = await attestor.AttestAsync(peer, SelectorKinds.Of([new("unix", "path:"), new("waiting", "x")]), default);

        Assert.Equal(PeerRefusal.ExecutableChanged, Assert.IsType<AttestationResult.Refused>(result).Reason);
    }

    [Fact]
    public async Task Exit_between_evidence_and_decision_is_refused()
    {
        int pid = await StartAsync(Sleep, "60");
        using PeerProcess peer = Open(pid);
        WaitingAttestor waiting = new(async () =>
        {
            _started[^1].Kill();
            await _started[^1].WaitForExitAsync();
        });
        AttestationOptions options = new();
        WorkloadAttestor attestor = new([new UnixAttestor(options, TimeProvider.System), waiting], options, TimeProvider.System);

        AttestationResult result = await attestor.AttestAsync(peer, SelectorKinds.Of([new("unix", "uid:"), new("waiting", "x")]), default);

        Assert.Equal(PeerRefusal.PeerExited, Assert.IsType<AttestationResult.Refused>(result).Reason);
        Assert.False(peer.IsAlive);
    }

    [RequiresRootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reused_pid_is_refused(bool withPidFd)
    {
        // Another process of this machine may snatch a number and keep it; hardly ten numbers in a row.
        for (int peers = 0; peers < 10; peers++)
        {
            if (await ReuseIsRefusedAsync(withPidFd)) return;
        }

        Assert.Fail("no pid could be given to a second process: nothing was proven");
    }

    /// <summary>False when the number could not be given to a second process.</summary>
    private async Task<bool> ReuseIsRefusedAsync(bool withPidFd)
    {
        // Opened while the first process lives; then its number goes to another of the same user, as an attacker would have it.
        int pid = await StartAsync(Sleep, "60");
        using PeerProcess now = Open(pid);
        Assert.True(PeerProcess.TryOpenHeld(pid, now.UserId, now.GroupId, null, out PeerProcess? bare, out _));
        using PeerProcess peer = withPidFd ? Open(pid) : bare;
        Assert.Equal(withPidFd, peer.HasPidFd);
        _started[^1].Kill();
        await _started[^1].WaitForExitAsync();

        bool reused = false;
        for (int attempt = 0; attempt < 20 && !reused; attempt++)
        {
            await File.WriteAllTextAsync("/proc/sys/kernel/ns_last_pid", (pid - 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            reused = await StartAsync(Sleep, "60") == pid;
            if (!reused) _started[^1].Kill();
        }

        if (!reused) return false;
        Assert.True(Directory.Exists($"/proc/{pid}")); // what a naive daemon checks, and the ids are the same
        Assert.Equal(PeerRefusal.PeerExited, peer.Check());
        Assert.IsType<AttestationResult.Refused>(await AttestAsync(peer, Kinds("uid")));
        return true;
    }

    [Fact]
    public void Thread_is_not_a_process()
    {
        int tid = Directory.GetDirectories("/proc/self/task").Select(path => int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture))
            .First(id => id != Environment.ProcessId);

        Assert.False(PeerProcess.TryOpen(tid, 0, 0, null, out _, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.NotThreadGroupLeader, refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Pid_that_is_not_visible_is_refused(int pid)
    {
        Assert.False(PeerProcess.TryOpen(pid, 0, 0, null, out _, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.PidNotVisible, refusal);
    }

    [Fact]
    public async Task Other_ids_than_at_connect_time_are_refused()
    {
        int pid = await StartAsync(Sleep, "60");
        using PeerProcess now = Open(pid);

        Assert.False(PeerProcess.TryOpen(pid, now.UserId + 1, now.GroupId, null, out _, out PeerRefusal refusal));
        Assert.Equal(PeerRefusal.CredentialsChanged, refusal);
    }

    [Fact]
    public async Task Sparse_program_over_the_limit_is_refused_unread()
    {
        string program = await CopyOfSleepAsync("sparse");
        await using (FileStream file = new(program, FileMode.Open)) file.SetLength(4L << 30);
        using PeerProcess peer = Open(await StartAsync(program));

        AttestationResult.Attested result = Assert.IsType<AttestationResult.Attested>(await AttestAsync(peer, Kinds("sha256")));

        Assert.Empty(result.Selectors);
        Assert.Equal(EvidenceRefusal.TooLarge, Assert.Single(result.RefusedEvidence).Reason);
    }

    [Fact]
    public async Task Attestor_that_fails_or_hangs_costs_its_own_selectors_only()
    {
        AttestationOptions options = new() { AttestorDeadline = TimeSpan.FromMilliseconds(50) };
        WaitingAttestor hanging = new(() => new TaskCompletionSource().Task);
        WorkloadAttestor attestor = new([hanging, new UnixAttestor(options, TimeProvider.System)], options, TimeProvider.System);
        using PeerProcess peer = Open(Environment.ProcessId);

        AttestationResult result = await attestor.AttestAsync(peer, SelectorKinds.Of([new("unix", "uid:"), new("waiting", "x")]), default);
        AttestationResult alone = await new WorkloadAttestor([hanging], options, TimeProvider.System).AttestAsync(peer, SelectorKinds.All, default);

        Assert.Equal(EvidenceRefusal.TimedOut, Assert.Single(Assert.IsType<AttestationResult.Attested>(result).RefusedEvidence).Reason);
        Assert.Single(((AttestationResult.Attested)result).Selectors);
        Assert.Equal(PeerRefusal.EvidenceUnavailable, Assert.IsType<AttestationResult.Refused>(alone).Reason);
    }

    private static SelectorKinds Kinds(params string[] keys) => SelectorKinds.Of(keys.Select(key => new Selector("unix", key + ":")));

    private static PeerProcess Open(int pid) =>
        PeerProcess.TryOpen(pid, out PeerProcess? peer, out PeerRefusal refusal) ? peer : throw new InvalidOperationException(refusal.ToString());

    private static async Task<AttestationResult> AttestAsync(PeerProcess peer, SelectorKinds needed)
    {
        AttestationOptions options = new();
        return await new WorkloadAttestor([new UnixAttestor(options, TimeProvider.System)], options, TimeProvider.System).AttestAsync(peer, needed, default);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!holds()) await Task.Delay(5, patience.Token);
    }

    private async Task<string> CopyOfSleepAsync(string name)
    {
        string program = Path.Combine(_folder, name);
        File.Copy(new FileInfo(Sleep).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Sleep, program);
        await Task.Yield();
        return program;
    }

    private async Task<int> StartAsync(string program, params string[] arguments)
    {
        if (arguments.Length == 0) arguments = ["60"];
        Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        _started.Add(process);
        await UntilAsync(() => new FileInfo($"/proc/{process.Id}/exe").LinkTarget is { } exe && !exe.Contains("dotnet", StringComparison.Ordinal));
        return process.Id;
    }

    /// <summary>An attestor that does something meanwhile, and finds nothing.</summary>
    private sealed class WaitingAttestor(Func<Task> meanwhile) : IAttestor
    {
        public string Type => "waiting";

        public async ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
        {
            await Task.Yield();
            await meanwhile();
            return AttestorFindings.None;
        }
    }
}
