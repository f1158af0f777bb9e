using System.Text;
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
            Path = ReadPath(section) ?? path,
            Mode = ReadMode(section, forOthers) ?? mode,
            Group = ReadGroup(section),
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static string? ReadPath(Section section)
    {
        if (section.Single("path") is not { } value) return null;
        const string Remedy = "write the path of a socket in the file system, such as /run/spiffe/workload.sock";
        if (value.Text.Length == 0) return Refuse(value, "is empty", Remedy);
        if (value.Text[0] == '@') return Refuse(value, "names an abstract socket, which has no permissions and which any process may take first", Remedy);
        if (value.Text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase)) return Refuse(value, "names a TCP address, where the kernel cannot say who calls", Remedy);
        if (value.Text.Contains("://", StringComparison.Ordinal) || value.Text.StartsWith("unix:", StringComparison.Ordinal)) return Refuse(value, "is a URI", Remedy);
        if (value.Text.AsSpan().ContainsAnyInRange('\0', '\x1f')) return Refuse(value, "has control characters", Remedy);
        if (value.Text.EndsWith('/')) return Refuse(value, "names a directory", "put the name of the socket behind it");

        string full = Path.GetFullPath(value.Text, section.Directory);
        int bytes = Encoding.UTF8.GetByteCount(full);
        if (bytes <= SocketOptions.MaxPathBytes) return full;
        return Refuse(value, $"is {bytes} bytes long as a whole path", $"the kernel takes {SocketOptions.MaxPathBytes}: choose a shorter one");
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
        return legal ? value.Text : Refuse(value, "is not the name or number of a group", "name a group of this machine: getent group");
    }

    private static string? Refuse(Value value, string problem, string remedy)
    {
        value.Fault(problem, remedy);
        return null;
    }
}
