using System.Diagnostics;

namespace Spiffe.Agent.Tests.Interop;

/// <summary>A client process: it gets socket, descriptors and case as arguments, ends with 0 when the case held, and else says on stderr what did not.</summary>
internal static class ForeignClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static Task RunAsync(TestHost host, string testCase, string program, params string[] arguments) =>
        RunAsync(new ProcessStartInfo(program, [.. arguments, host.Socket, host.Descriptors, testCase]));

    /// <summary>Runs a process to its end and fails the test unless that is 0.</summary>
    public static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} did not end within {Patience}: {await output} {await errors}");
        }

        Assert.True(process.ExitCode == 0, $"{start.FileName} ended with {process.ExitCode}: {await output} {await errors}");
    }
}
