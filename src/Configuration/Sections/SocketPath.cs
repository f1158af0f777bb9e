using System.Text;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>Paths of Unix sockets, ours and those of services that are asked: in the file system, and short enough for the kernel.</summary>
internal static class SocketPath
{
    private const string Remedy = "write the path of a socket in the file system, such as /run/spiffe/workload.sock";

    /// <summary>The written path, absolute; null where none is or it is at fault.</summary>
    public static string? Read(Section section, string key) => section.Single(key) is { } value ? Read(section, value, 0) : null;

    /// <summary>A path with one placeholder, which becomes <paramref name="longest"/> characters long at most.</summary>
    public static string? ReadTemplate(Section section, string key, string placeholder, int longest)
    {
        if (section.Single(key) is not { } value) return null;
        int at = value.Text.IndexOf(placeholder, StringComparison.Ordinal);
        if (at >= 0 && value.Text.IndexOf(placeholder, at + 1, StringComparison.Ordinal) < 0) return Read(section, value, longest - placeholder.Length);
        return Refuse(value, $"does not have {placeholder} exactly once", $"write {placeholder} where the user's number goes, such as /run/user/{placeholder}/podman/podman.sock");
    }

    private static string? Read(Section section, Value value, int growth)
    {
        if (value.Text.Length == 0) return Refuse(value, "is empty", Remedy);
        if (value.Text[0] == '@') return Refuse(value, "names an abstract socket, which has no permissions and which any process may take first", Remedy);
        if (value.Text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase)) return Refuse(value, "names a TCP address, where the kernel cannot say who calls", Remedy);
        if (value.Text.Contains("://", StringComparison.Ordinal) || value.Text.StartsWith("unix:", StringComparison.Ordinal)) return Refuse(value, "is a URI", Remedy);
        if (value.Text.AsSpan().ContainsAnyInRange('\0', '\x1f')) return Refuse(value, "has control characters", Remedy);
        if (value.Text.EndsWith('/')) return Refuse(value, "names a directory", "put the name of the socket behind it");

        string full = Path.GetFullPath(value.Text, section.Directory);
        int bytes = Encoding.UTF8.GetByteCount(full) + growth;
        if (bytes <= SocketOptions.MaxPathBytes) return full;
        return Refuse(value, $"is {bytes} bytes long as a whole path", $"the kernel takes {SocketOptions.MaxPathBytes}: choose a shorter one");
    }

    private static string? Refuse(Value value, string problem, string remedy)
    {
        value.Fault(problem, remedy);
        return null;
    }
}
