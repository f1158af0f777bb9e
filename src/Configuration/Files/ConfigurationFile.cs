namespace Spiffe.Agent.Configuration.Files;

/// <summary>The file on disk: there, regular, readable, not too large, and nobody else's to change.</summary>
internal static class ConfigurationFile
{
    /// <summary>What the file holds, or null where it must not or cannot be read; <paramref name="faults"/> then says why.</summary>
    /// <param name="path">The file.</param>
    /// <param name="faults">Where to say what is wrong.</param>
    /// <param name="maxBytes">The most that is read; <see cref="ConfigurationLoader.MaxFileBytes"/> for entries.</param>
    public static byte[]? Read(string path, FaultList faults, int maxBytes = ConfigurationLoader.MaxFileBytes)
    {
        try
        {
            // Before opening: a named pipe would wait for ever, a device has no end.
            if (!FileStatus.TryRead(path, followLink: true, out FileStatus file)) return Refuse(faults, "does not exist or cannot be reached", "check the path and the rights of its directories");
            if (file.IsDirectory) return Refuse(faults, "is a directory", "name a file in it");
            if (!file.IsRegular) return Refuse(faults, "is not a regular file", "write it into a file");
            if (file.Size > (ulong)maxBytes) return Refuse(faults, $"is larger than {Told(maxBytes)}", maxBytes == ConfigurationLoader.MaxFileBytes ? "split the entries among several daemons" : "split it");

            if (FileTrust.IsRoot) FileTrust.Check(path, faults);
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse(faults, "may not be read by this user", "give the daemon's user the right to read it");
        }
        catch (IOException e)
        {
            return Refuse(faults, $"cannot be read: {e.Message}", "check the path and the disk");
        }
    }

    private static string Told(int bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    private static byte[]? Refuse(FaultList faults, string problem, string remedy)
    {
        faults.Add(problem, remedy);
        return null;
    }
}
