using System.Globalization;
using Spiffe.Agent.Configuration.Files;

namespace Spiffe.Agent.Configuration;

/// <summary>Where <c>run --dev</c> puts its sockets when nobody says: a directory that only its user can enter.</summary>
public static class DevelopmentDirectory
{
    private const int OthersMask = 0x3F; // rwx of group and of others

    /// <summary><c>$XDG_RUNTIME_DIR/spiffe-agent</c>; where there is none, one below the temporary directory, made here with mode 0700.</summary>
    /// <param name="uid">The user who starts the daemon.</param>
    /// <exception cref="IOException">Somebody else was there first: in a directory that all may write to, a name proves nothing.</exception>
    public static string Default(uint uid)
    {
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime)) return Path.Combine(runtime, "spiffe-agent");
        string path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"spiffe-agent-{uid}"));
        MakePrivate(path, uid);
        return path;
    }

    /// <summary>Makes the directory, or takes one that is there if it is a directory, this user's, and closed to all others.</summary>
    internal static void MakePrivate(string path, uint uid)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, ownerOnly);
        if (!FileStatus.TryRead(path, followLink: false, out FileStatus status)) throw new IOException($"directory '{path}' cannot be read; name another with --dir");
        if (!status.IsDirectory || status.Uid != uid || (status.Mode & OthersMask) != 0)
            throw new IOException($"'{path}' is not a directory that only you can enter; remove it, or name another with --dir");
    }
}
