using System.Diagnostics;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.TestKit.Daemon;

/// <summary>The real daemon as a child process, with a configuration and sockets in a folder of its own.</summary>
/// <remarks>A project that uses it references src/Agent with ReferenceOutputAssembly=false, so that the executable is built before its tests run.</remarks>
public sealed class Daemon : IAsyncDisposable
{
    /// <summary>How long a start or a stop may take before it counts as failed. Waits end with the event, not with this.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder;
    private DaemonProcess? _process;

    private Daemon(DirectoryInfo folder) => _folder = folder;

    /// <summary>The built executable, of the configuration (Release, Debug) that these tests were built with.</summary>
    public static string Executable { get; } =
        Repository.Path("artifacts", "bin", "Agent", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "spiffe-agent");

    /// <summary>Where everything of this daemon lies; every user may enter it. Deleted in the end.</summary>
    public string Folder => _folder.FullName;

    /// <summary>Path of the Workload API's socket.</summary>
    public string WorkloadSocket => Path.Combine(Folder, "run", "workload.sock");

    /// <summary>Where it writes down what it does.</summary>
    public string AuditDirectory => Path.Combine(Folder, "audit");

    /// <summary>Path of the operator's socket.</summary>
    public string AdminSocket => Path.Combine(Folder, "run", "admin.sock");

    /// <summary>The configuration file; a change holds from the next start on.</summary>
    public string ConfigurationFile => Path.Combine(Folder, "agent.yaml");

    /// <summary>The <c>unix:</c> URI that <c>SPIFFE_ENDPOINT_SOCKET</c> takes.</summary>
    public string Endpoint => $"unix://{WorkloadSocket}";

    /// <summary>The running process.</summary>
    /// <exception cref="InvalidOperationException">The daemon is stopped.</exception>
    public int ProcessId => (_process ?? throw new InvalidOperationException("the daemon is stopped")).Id;

    /// <summary>What the process that runs, or ran last, has written to standard error so far.</summary>
    public string Log => _process?.Log ?? LastLog;

    /// <summary>What the stopped process had written.</summary>
    private string LastLog { get; set; } = "";

    /// <summary>Starts a daemon and returns once it serves.</summary>
    /// <param name="configuration">The YAML without its <c>sockets</c>: those are added, in <see cref="Folder"/>, and so is a log, unless it says something about one.</param>
    /// <exception cref="InvalidOperationException">It ended before it served; the message holds what it wrote.</exception>
    public static async Task<Daemon> StartAsync(string configuration)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("agent-");
        Daemon daemon = new(folder);
        try
        {
            // Entered by every user, written by the owner only: as root, the daemon asks that of the way to its configuration.
            File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            await File.WriteAllTextAsync(daemon.ConfigurationFile, $$"""
                sockets:
                  workload: { path: run/workload.sock }
                  admin: { path: run/admin.sock }
                {{configuration}}
                {{(configuration.Contains("\naudit:", StringComparison.Ordinal) ? "" : "audit: { dir: audit }")}}
                """);
            File.SetUnixFileMode(daemon.ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await daemon.StartAsync();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, at the same sockets, and returns once it serves.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or ended before it served.</exception>
    public async Task StartAsync()
    {
        if (_process is not null) throw new InvalidOperationException("the daemon runs already");
        using ReadySocket ready = new(Path.Combine(Folder, "notify.sock"));
        ProcessStartInfo start = new(Executable, ["run", "--config", ConfigurationFile]);
        start.Environment["NOTIFY_SOCKET"] = ready.Path;
        _process = DaemonProcess.Start(start);
        using CancellationTokenSource patience = new(Patience);
        Task serving = ready.WaitAsync(patience.Token);
        await Task.WhenAny(serving, _process.Ended);
        if (serving.IsCompletedSuccessfully) return;
        await patience.CancelAsync();
        string reason = _process.Ended.IsCompleted ? $"ended with {_process.ExitCode}" : $"did not serve within {Patience}";
        throw new InvalidOperationException($"{Executable} {reason}: {_process.Log}");
    }

    /// <summary>Asks it to stop, as systemd does, and returns its exit code.</summary>
    /// <exception cref="TimeoutException">It did not end; it is killed by <see cref="DisposeAsync"/>.</exception>
    public async Task<int> StopAsync()
    {
        DaemonProcess process = _process ?? throw new InvalidOperationException("the daemon is stopped");
        process.Terminate();
        await process.Ended.WaitAsync(Patience);
        int exitCode = process.ExitCode;
        await DropAsync(process);
        return exitCode;
    }

    /// <summary>Kills it without a word, as a crash would; its sockets stay behind.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process) await DropAsync(process);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Refresh();
        if (_folder.Exists) _folder.Delete(recursive: true);
    }

    private async Task DropAsync(DaemonProcess process)
    {
        await process.DisposeAsync();
        LastLog = process.Log;
        _process = null;
    }
}
