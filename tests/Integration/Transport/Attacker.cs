using System.Diagnostics;

namespace Spiffe.Agent.Tests.Integration.Transport;

/// <summary>A run of attacks.py: a process of its own, killed with its children when the test ends.</summary>
internal sealed class Attacker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Attacker(Process process) => _process = process;

    internal int ProcessId => _process.Id;

    internal static Attacker Start(string attack, string socket, params string[] rest) => Run("/usr/bin/python3", [Script, attack, socket, .. rest]);

    /// <summary>Runs the attack through another program, such as unshare.</summary>
    internal static Attacker StartThrough(string[] wrapper, string attack, string socket) =>
        Run(wrapper[0], [.. wrapper[1..], "/usr/bin/python3", Script, attack, socket]);

    /// <summary>The next line it prints.</summary>
    internal async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "nothing";

    /// <summary>Lets it go on.</summary>
    internal async Task GoOnAsync()
    {
        await _process.StandardInput.WriteLineAsync("go");
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Attacker Run(string program, string[] arguments) =>
        new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    private static string Script { get; } = Find();

    private static string Find()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Spiffe.Agent.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no solution above the tests");
        return Path.Combine(folder, "tests", "Integration", "Transport", "attacks.py");
    }
}
