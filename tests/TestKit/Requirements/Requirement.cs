using System.Collections.Concurrent;
using System.Diagnostics;

namespace Spiffe.Agent.Tests.TestKit.Requirements;

/// <summary>What a test needs of the machine. Each answers null when it is there, else the reason to skip.</summary>
public static class Requirement
{
    private static readonly ConcurrentDictionary<string, string?> Answers = new(StringComparer.Ordinal);

    /// <summary>A program in PATH, or at an absolute path.</summary>
    public static string? Program(string name)
    {
        if (Path.IsPathRooted(name)) return File.Exists(name) ? null : $"{name} is not installed";
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Any(folder => File.Exists(Path.Combine(folder, name))) ? null : $"{name} is not installed";
    }

    /// <summary>A command that ends with 0 within half a minute, such as an import of a library. Asked once per process.</summary>
    /// <param name="reason">Why the test skips otherwise.</param>
    /// <param name="program">Program to run.</param>
    /// <param name="arguments">Its arguments.</param>
    public static string? Command(string reason, string program, params string[] arguments) =>
        Answers.GetOrAdd($"{program} {string.Join(' ', arguments)}", _ => Program(program) ?? (Succeeds(program, arguments) ? null : reason));

    /// <summary>Effective user id 0.</summary>
    public static string? Root() => Environment.IsPrivilegedProcess ? null : "needs root";

    /// <summary>A kernel of at least this version.</summary>
    public static string? Kernel(int major, int minor) =>
        Environment.OSVersion.Version >= new Version(major, minor) ? null : $"needs Linux {major}.{minor}";

    /// <summary>A file or folder.</summary>
    public static string? Present(string path) => Path.Exists(path) ? null : $"{path} is not there";

    /// <summary>The first reason among several.</summary>
    public static string? All(params string?[] reasons) => Array.Find(reasons, r => r is not null);

    private static bool Succeeds(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(TimeSpan.FromSeconds(30))) return process.ExitCode == 0;
        process.Kill(entireProcessTree: true);
        return false;
    }
}
