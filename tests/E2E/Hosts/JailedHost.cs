using System.Diagnostics;
using System.Globalization;

namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>A host that a script of <c>tests/E2E/harness</c> holds for as long as its standard input is open: also a test run that is killed leaves nothing behind.</summary>
internal sealed class JailedHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5); // debootstrap on a slow mirror
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(2);

    private readonly Process _script;
    private readonly Task<string> _errors;

    private JailedHost(Process script, Task<string> errors, int leader) => (_script, _errors, Leader) = (script, errors, leader);

    /// <summary>Process id, on this machine, of the host's first process.</summary>
    internal int Leader { get; }

    /// <summary>Process id of the script that holds the host.</summary>
    internal int Holder => _script.Id;

    internal static async Task<JailedHost> StartAsync(string script)
    {
        Process process = Command.Start(Repository.Harness(script));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource timer = new(StartLimit);
        string? line = await process.StandardOutput.ReadLineAsync(timer.Token);
        if (line?.Split(' ') is ["ready", var pid]) return new JailedHost(process, errors, int.Parse(pid, CultureInfo.InvariantCulture));

        process.StandardInput.Close();
        throw new InvalidOperationException($"{script} is not ready but says: {line}\n{await errors}");
    }

    /// <summary>Runs a command on that host, as its root.</summary>
    internal Task<CommandResult> RunAsync(params string[] command) =>
        Command.RunAsync(CommandLimit, Repository.Harness("enter"), [Leader.ToString(CultureInfo.InvariantCulture), .. command]);

    /// <summary>Runs a line of shell on that host, as its root.</summary>
    internal Task<CommandResult> ShellAsync(string line) => RunAsync("bash", "-euc", line);

    /// <summary>Kills the script outright, as a runner that loses patience does.</summary>
    internal void KillHolder() => _script.Kill();

    /// <summary>Stops the host and waits until everything of it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        using CancellationTokenSource timer = new(CommandLimit);
        await _script.WaitForExitAsync(timer.Token);
        await _errors;
        _script.Dispose();
    }
}
