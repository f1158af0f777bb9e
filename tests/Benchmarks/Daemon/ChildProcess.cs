using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>A server in a process of its own, and what the kernel says of it: resident memory and time on a processor. It is stopped when this is disposed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int Terminate = 15;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public static ChildProcess Start(string file, params string[] arguments)
    {
        ProcessStartInfo start = new(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {file}");
        process.ErrorDataReceived += (_, _) => { }; // Read, so that it never blocks.
        process.BeginErrorReadLine();
        return new ChildProcess(process);
    }

    public StreamReader Output => _process.StandardOutput;

    public bool HasExited => _process.HasExited;

    /// <summary>Time that all threads spent on a processor, in nanoseconds as the scheduler counts them.</summary>
    public long ProcessorNanoseconds
    {
        get
        {
            long sum = 0;
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{_process.Id}/task"))
            {
                try
                {
                    string text = File.ReadAllText(Path.Combine(thread, "schedstat"));
                    sum += long.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    // The thread has ended.
                }
            }

            return sum;
        }
    }

    /// <summary>Resident memory in KiB: all of it, or its kinds <c>RssAnon</c>, <c>RssFile</c>, <c>RssShmem</c> (proc_pid_status(5)).</summary>
    public long Resident(string kind = "VmRSS")
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(kind + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(kind.Length + 1).Trim(" \tkB"), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _ = kill(_process.Id, Terminate);
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
