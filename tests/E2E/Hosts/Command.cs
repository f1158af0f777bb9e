using System.Diagnostics;

namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>Runs programs of this machine.</summary>
internal static class Command
{
    /// <summary>Runs a program to its end. One that is not over within <paramref name="limit"/> is killed, and the test with it.</summary>
    internal static async Task<CommandResult> RunAsync(TimeSpan limit, string program, params string[] arguments)
    {
        string command = $"{Path.GetFileName(program)} {string.Join(' ', arguments)}";
        using CancellationTokenSource timer = new(limit);
        using Process process = Start(program, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(timer.Token), error = process.StandardError.ReadToEndAsync(timer.Token);
        try
        {
            await process.WaitForExitAsync(timer.Token);
            return new CommandResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"`{command}` is not over after {limit.TotalSeconds} s");
        }
    }

    internal static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }) ?? throw new InvalidOperationException($"{program} did not start");
}
