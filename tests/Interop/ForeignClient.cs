using System.Diagnostics;
using System.Text;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>A client process: it gets socket, descriptors and case as arguments, ends with 0 when the case held, and else says on stderr what did not.</summary>
internal static class ForeignClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static Task RunAsync(TestHost host, string testCase, string program, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(program, [.. arguments, host.Socket, host.Descriptors, testCase]));

    /// <summary>Runs a process to its end and fails the test unless that is 0.</summary>
    /// <param name="start">What to run.</param>
    /// <param name="onLine">Called with each line of its standard output, one after the other; the process may wait for what that does.</param>
    public static async Task RunAsync(ProcessStartInfo start, Func<string, Task>? onLine = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = onLine is null ? process.StandardOutput.ReadToEndAsync() : HandleAsync(process.StandardOutput, onLine);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            // What a line calls for may fail: then the process waits in vain.
            if (onLine is not null) await output.WaitAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} did not end within {Patience}: {await output} {await errors}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"{start.FileName} ended with {process.ExitCode}: {await output} {await errors}");
    }

    private static async Task<string> HandleAsync(StreamReader output, Func<string, Task> onLine)
    {
        StringBuilder read = new();
        while (await output.ReadLineAsync() is { } line)
        {
            read.AppendLine(line);
            await onLine(line);
        }

        return read.ToString();
    }
}
