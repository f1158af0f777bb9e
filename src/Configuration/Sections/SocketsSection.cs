using Spiffe.Agent.Configuration.Values;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>sockets</c>.</summary>
internal static class SocketsSection
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerReadWrite | GroupReadWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode GroupReadWrite = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static SocketsOptions Read(Section section)
    {
        SocketOptions workload = ReadSocket(section.Child("workload"), "/run/spiffe/workload.sock", Everybody, forOthers: true);
        SocketOptions admin = ReadSocket(section.Child("admin"), "/run/spiffe-agent/admin.sock", OwnerReadWrite | GroupReadWrite, forOthers: false);
        if (string.Equals(workload.Path, admin.Path, StringComparison.Ordinal))
        {
            Section child = section.Child("admin");
            section.Faults.Add(child.Place, child.Path.Key("path"), admin.Path, "is the workload socket too", "give each socket a path of its own");
        }

        section.RefuseUnknownKeys();
        return new SocketsOptions { Workload = workload, Admin = admin };
    }

    private static SocketOptions ReadSocket(Section section, string path, UnixFileMode mode, bool forOthers)
    {
        SocketOptions options = new()
        {
            Path = SocketPath.Read(section, "path") ?? path,
            Mode = ReadMode(section, forOthers) ?? mode,
            Group = ReadGroup(section),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static UnixFileMode? ReadMode(Section section, bool forOthers)
    {
        if (section.Single("mode") is not { } value) return null;
        if (!FileModeText.TryParse(value.Text, out UnixFileMode mode)) value.Fault("is not a file mode", "write three octal digits in quotes, such as \"0660\"");
        else if ((mode & OwnerReadWrite) != OwnerReadWrite) value.Fault("locks the owner out", "begin with 6, such as \"0660\"");
        else if (!forOthers && (mode & Others) != 0) value.Fault("lets every user of the machine in", "end with 0, such as \"0660\", and name a group");
        else return mode;
        return null;
    }

    private static string? ReadGroup(Section section)
    {
        if (section.Single("group") is not { } value) return null;
        bool legal = value.Text.Length is > 0 and <= 32 && value.Text[0] != '-';
        foreach (char c in value.Text) legal &= char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';
        if (legal) return value.Text;
        value.Fault("is not the name or number of a group", "name a group of this machine: getent group");
        return null;
    }
}
