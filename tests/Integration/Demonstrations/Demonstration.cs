using System.Diagnostics;
using Spiffe.Agent.Tests.TestKit.Requirements;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;

namespace Spiffe.Agent.Tests.Integration.Demonstrations;

/// <summary>One of <c>examples/tasks</c>: run as a user would, held against what its README says that it prints.</summary>
internal static class Demonstration
{
    /// <summary>Where they are.</summary>
    public static string Folder { get; } = Repository.Path("examples", "tasks");

    /// <summary>What a demonstration prints, by the README: the first block of its chapter.</summary>
    public static string Promised(string name)
    {
        string readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        string chapter = readme.Split($"\n## {name}\n")[1].Split("\n## ")[0];
        return chapter.Split("\n```\n")[1] + "\n";
    }

    /// <summary>Runs it to its end; what it printed is in the failure.</summary>
    public static async Task HoldsAsync(string name)
    {
        ProcessStartInfo start = new(Path.Combine(Folder, name, "run")) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SPIFFE_AGENT"] = RealDaemon.Executable;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token), error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}\n{await output}\n{await error}");
            Assert.Equal(Promised(name), await output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{name} is not over after {RealDaemon.Patience}");
        }
    }
}
