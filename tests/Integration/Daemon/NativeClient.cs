using System.Diagnostics;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Daemon;

/// <summary>A run of client.c: a process of its own, killed when the test ends.</summary>
internal sealed class NativeClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private NativeClient(Process process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>Compiles it to a program of that path, which everybody may run.</summary>
    public static async Task BuildAsync(string program)
    {
        using Process compiler = Process.Start("gcc", ["-O1", "-o", program, Repository.Path("tests", "Integration", "Daemon", "client.c")]);
        await compiler.WaitForExitAsync();
        Assert.Equal(0, compiler.ExitCode);
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
    }

    public static NativeClient Start(string program, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>The same as nobody.</summary>
    public static NativeClient StartAsNobody(string program, params string[] arguments) =>
        Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program, .. arguments]);

    /// <summary>The next line it prints.</summary>
    public async Task<string> NextAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "nothing";

    /// <summary>Lets it become another program, which goes on with the same socket.</summary>
    public async Task BecomeAsync(string program)
    {
        await _process.StandardInput.WriteLineAsync($"exec {program}");
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
