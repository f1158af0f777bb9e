using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>A program under strace from its first instruction on, with all that it starts.</summary>
/// <remarks>strace is the parent, since nobody may attach to what is not dumpable; and root, since such a process's memory is read then.</remarks>
internal sealed partial class TracedProgram : IAsyncDisposable
{
    private const string Everything = "16777216"; // Bytes of each buffer that strace shows.

    private static readonly string[] Options = ["-f", "-xx", "-v", "-yy", "-qqq", "--seccomp-bpf", "-s", Everything, "-e", "signal=none"];

    private readonly string _file;
    private readonly Process _strace;
    private readonly StringBuilder _said = new(); // guards itself and _changed
    private readonly Task _ended;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TracedProgram(string file, Process strace)
    {
        (_file, _strace) = (file, strace);
        strace.OutputDataReceived += (_, line) => Hear(line.Data);
        strace.ErrorDataReceived += (_, line) => Hear(line.Data);
        strace.BeginOutputReadLine();
        strace.BeginErrorReadLine();
        _ended = strace.WaitForExitAsync();
    }

    /// <summary>The traced program, not strace.</summary>
    /// <exception cref="InvalidOperationException">It is over.</exception>
    public int ProcessId => ChildrenOf(_strace.Id) is [int child, ..] ? child : throw new InvalidOperationException($"it is over: {Said}");

    /// <summary>Both outputs, by lines.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Why nothing can be traced here; null when it can.</summary>
    /// <param name="programs">What is needed besides.</param>
    public static string? Missing(params string[] programs) => Requirement.All(
    [
        Requirement.Root(),
        Requirement.Command("strace may not trace here, or is older than 5.3", "strace", [.. Options, "-e", TracedSyscalls.Filter, "-o", "/dev/null", "true"]),
        .. programs.Select(Requirement.Program),
    ]);

    public static TracedProgram Start(string file, IEnumerable<string> command, string input = "", params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("strace", [.. Options, "-e", TracedSyscalls.Filter, "-o", file, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        Process strace = Process.Start(start)!;
        strace.StandardInput.Write(input);
        strace.StandardInput.Close();
        return new TracedProgram(file, strace);
    }

    /// <summary>The processes that one has started and that live.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        List<int> children = [];
        foreach (string thread in Directory.Exists($"/proc/{process}/task") ? Directory.GetDirectories($"/proc/{process}/task") : [])
        {
            string list = File.Exists($"{thread}/children") ? File.ReadAllText($"{thread}/children") : "";
            children.AddRange(list.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
        }

        return children;
    }

    public void Signal(int signal) => Assert.Equal(0, kill(ProcessId, signal));

    /// <summary>Returns once it has said this.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task SaysAsync(string text)
    {
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (true)
        {
            Task changed;
            lock (_said)
            {
                if (_said.ToString().Contains(text, StringComparison.Ordinal)) return;
                changed = _changed.Task;
            }

            if (_ended.IsCompleted) throw new InvalidOperationException($"ended without '{text}': {Said}");
            await Task.WhenAny(changed, _ended).WaitAsync(patience.Token);
        }
    }

    /// <summary>Waits for the end of it and of all that it started.</summary>
    public async Task<(int ExitCode, Trace Trace)> EndAsync()
    {
        await _ended.WaitAsync(RealDaemon.Patience);
        return (_strace.ExitCode, Trace.Read(_file));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited) _strace.Kill(entireProcessTree: true);
        await _ended;
        _strace.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            _said.AppendLine(line);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);
}
