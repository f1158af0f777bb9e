using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Spiffe.Agent.Tests.TestKit.Daemon;

/// <summary>One run of the executable: its end as a task, and what it wrote.</summary>
internal sealed partial class DaemonProcess : IAsyncDisposable
{
    private const int Terminated = 15; // SIGTERM
    private const int MaxLog = 1 << 20; // Characters kept; a daemon that writes more is still read.

    private readonly Process _process;
    private readonly StringBuilder _log = new(); // Guards itself.

    private DaemonProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = process.WaitForExitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes when the process has ended and all that it wrote is read.</summary>
    public Task Ended { get; }

    /// <summary>Only after <see cref="Ended"/>.</summary>
    public int ExitCode => _process.ExitCode;

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public static DaemonProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new DaemonProcess(Process.Start(start)!);
    }

    /// <summary>SIGTERM, unless it has ended.</summary>
    public void Terminate()
    {
        if (!_process.HasExited) _ = Signal(_process.Id, Terminated);
    }

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await Ended;
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            if (_log.Length < MaxLog) _log.AppendLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
