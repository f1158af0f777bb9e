using Spiffe.Agent.Cli.Tasks.Run.Native;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>Whether execvp(3) would find a program: asked before a task begins, so that a slip of the pen begins none.</summary>
internal static class ProgramLookup
{
    /// <summary>Where execvp looks when PATH is not set.</summary>
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>What is wrong with it; null when it can be run.</summary>
    /// <param name="program">As it was written.</param>
    /// <param name="path">The variable PATH; null when it is not set.</param>
    public static Fault? Check(string program, string? path)
    {
        bool isPath = program.Contains('/', StringComparison.Ordinal);
        string[] places = isPath ? [program] : [.. (path ?? DefaultPath).Split(':').Select(folder => $"{(folder.Length == 0 ? "." : folder)}/{program}")];
        if (program.Length > 0 && Array.Exists(places, CanRun)) return null;
        return program.Length > 0 && Array.Find(places, Path.Exists) is { } present
            ? new Fault(HeldProgram.NotExecutable, "task run", present, Directory.Exists(present) ? "is a folder, not a program" : "may not be run: give it execute permission")
            : new Fault(HeldProgram.NotFound, "task run", program, isPath ? "no such file: check the path" : "not found in PATH: write its path, or install it");
    }

    private static bool CanRun(string place) => File.Exists(place) && Libc.access(place, Libc.Executable) == 0;
}
