using System.Globalization;
using System.Runtime.InteropServices;
using Spiffe.Agent.Tests.Integration.TaskRun;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A daemon that crashes with keys in its memory leaves none of them, whatever limit it was started with.</summary>
public sealed partial class CrashTests : IDisposable
{
    private const int Kill = 9;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crash-");

    public void Dispose() => _folder.Delete(recursive: true);

    [CrashTheory]
    [InlineData(11)] // SIGSEGV
    [InlineData(6)] // SIGABRT
    [InlineData(31)] // SIGSYS, which the runtime does not handle
    public async Task Crash_of_a_daemon_whose_limit_is_unlimited_leaves_no_core_dump(int signal)
    {
        string folder = _folder.FullName;
        string configuration = Path.Combine(folder, "agent.yaml");
        await File.WriteAllTextAsync(configuration, $$"""
            trust_domain: example.org
            sockets: { workload: { path: run/workload.sock }, admin: { path: run/admin.sock } }
            audit: { dir: audit }
            entries: [ { id: /me, selectors: [ {{Caller.Selectors}} ] } ]
            """);
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        SecretBook book = new();
        const string script = "ulimit -c unlimited; cd \"$0\"; \"$@\" 2>&1; echo ended $?";
        using AgentProgram shell = AgentProgram.Start("bash", ["-c", script, folder, RealDaemon.Executable, "run", "--config", configuration]);
        try
        {
            await CrashAsync(shell, book, signal);
        }
        finally
        {
            foreach (int child in TracedProgram.ChildrenOf(shell.Id)) _ = kill(child, Kill);
        }

        SecretFinder finder = new(book.All);
        Assert.NotEmpty(book.All);
        string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal))];
        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith("core", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal([], finder.Find(File.ReadAllBytes(file))));
    }

    private async Task CrashAsync(AgentProgram shell, SecretBook book, int signal)
    {
        await shell.SaysAsync("serving example.org");
        using Caller caller = new(Path.Combine(_folder.FullName, "run", "workload.sock"), Path.Combine(_folder.FullName, "run", "admin.sock"), book);
        await caller.WatchX509Async(1);
        await caller.WatchWitAsync(1);
        // The runtime takes its handler away at the first that no instruction of its own caused, and dies of the second.
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        for (IReadOnlyList<int> children; (children = TracedProgram.ChildrenOf(shell.Id)).Count > 0; await Task.Delay(50, patience.Token)) _ = kill(children[0], signal);
        (_, string output, string error) = await shell.EndAsync();

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"ended {128 + signal}\n"), output, StringComparison.Ordinal);
        Assert.DoesNotContain("core dumped", error, StringComparison.Ordinal);
    }

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);
}
