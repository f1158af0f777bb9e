using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.TaskRun;

/// <summary>The real executable as a person starts it: <c>spiffe-agent task run …</c>, with its own pipes.</summary>
internal sealed partial class AgentProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _seen = new(); // guards itself
    private readonly Task _reading;
    private readonly Task<string> _error;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AgentProgram(Process process, string? input)
    {
        _process = process;
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }

        _reading = ReadAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts any program.</summary>
    public static AgentProgram Start(string program, IEnumerable<string> arguments, string? input = "", IReadOnlyDictionary<string, string?>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new AgentProgram(Process.Start(start)!, input);
    }

    /// <summary>Runs a program as a task of the agent.</summary>
    public static AgentProgram Run(TaskAgent agent, IEnumerable<string> flags, IEnumerable<string> program, string? input = "", IReadOnlyDictionary<string, string?>? environment = null) =>
        Start(RealDaemon.Executable, ["task", "run", "--socket", agent.Endpoint, "--timeout", "2m", "--template", "dev", "--goal", "g", .. flags, "--", .. program], input, environment);

    public void Signal(int signal) => Assert.Equal(0, kill(Id, signal));

    /// <summary>Returns once the text was written to standard output.</summary>
    public async Task SaysAsync(string text)
    {
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (true)
        {
            Task changed;
            lock (_seen)
            {
                if (_seen.ToString().Contains(text, StringComparison.Ordinal)) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(patience.Token);
        }
    }

    /// <summary>How it ended and all that it wrote.</summary>
    public async Task<(int ExitCode, string Out, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(RealDaemon.Patience);
        await _reading.WaitAsync(RealDaemon.Patience);
        string error = await _error.WaitAsync(RealDaemon.Patience);
        lock (_seen) return (_process.ExitCode, _seen.ToString(), error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        char[] buffer = new char[4096];
        int read;
        do
        {
            read = await _process.StandardOutput.ReadAsync(buffer);
            lock (_seen)
            {
                _seen.Append(buffer, 0, read);
                _changed.TrySetResult();
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
        while (read > 0);
    }

    [LibraryImport("libc")]
    private static partial int kill(int processId, int signal);
}
