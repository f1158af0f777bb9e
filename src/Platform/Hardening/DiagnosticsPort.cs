using System.Globalization;

namespace Spiffe.Agent.Platform.Hardening;

/// <summary>The runtime's own door: a socket and two pipes in the temporary directory, through which any process of the same user may have memory dumped.</summary>
/// <remarks>
/// Only the environment can keep the runtime from opening it (DOTNET_EnableDiagnostics=0, as the packaged unit and image do). Where it was opened, its names are taken
/// away before the first key is made: nobody can knock any more.
/// </remarks>
public static class DiagnosticsPort
{
    /// <summary>Closes the door if it is open, and says how it stands.</summary>
    public static Protection Close()
    {
        const string name = "no-diagnostics-port";
        if (Environment.GetEnvironmentVariable("DOTNET_EnableDiagnostics") is "0") return new Protection(name, true, "the runtime opened none");
        string[] left = [.. Names().Where(path => !TryRemove(path))];
        return left.Length == 0
            ? new Protection(name, true, "the runtime's door was closed before the first key was made; DOTNET_EnableDiagnostics=0 keeps it from opening")
            : new Protection(name, false, $"{left[0]} cannot be removed: start the agent with DOTNET_EnableDiagnostics=0");
    }

    /// <summary>What this process's runtime has put into the temporary directory.</summary>
    internal static IEnumerable<string> Names()
    {
        string pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string folder = Path.GetTempPath();
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFileSystemEntries(folder, $"dotnet-diagnostic-{pid}-*").Concat(Directory.EnumerateFileSystemEntries(folder, $"clr-debug-pipe-{pid}-*"));
    }

    private static bool TryRemove(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
