using System.Text;
using Spiffe.Agent.Residue.Native;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Residue.Places;

/// <summary>The machine's files, as its first process sees them: a daemon whose service manager gave it a /tmp of its own looks into everybody's.</summary>
internal sealed class FileTree
{
    private const string First = "/proc/1/root";

    private readonly string _root;
    private readonly string[] _ownMounts;

    /// <summary>With the rights to see it, that of the first process; else the daemon's own, which may be another in places (<see cref="IsHidden"/>).</summary>
    public FileTree()
    {
        using Node? first = Node.TryOpen(First + "/.", out _);
        _root = first is null ? "/" : First + "/.";
        _ownMounts = first is null ? OwnMounts() : [];
    }

    /// <summary>Holds what is at a path, without following any link. Null, with nothing said, when nothing is there; null with a gap, when that cannot be seen.</summary>
    public Node? TryOpen(string path, Search search)
    {
        if (IsHidden(path))
        {
            search.Gap(GapReason.Hidden, path, "this daemon has a mount of its own there: give it CAP_SYS_PTRACE, or change its unit");
            return null;
        }

        Node? node = Node.TryOpen(_root, out int error);
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (node is null) break;
            using Node parent = node;
            if (parent.Kind == FileKind.Link)
            {
                search.Gap(GapReason.Link, path, "declare where it leads");
                return null;
            }

            node = parent.TryOpenChild(Encoding.UTF8.GetBytes(name), out error);
        }

        if (node is { Kind: FileKind.Link })
        {
            node.Dispose();
            search.Gap(GapReason.Link, path, "declare where it leads");
            return null;
        }

        if (node is null && error is not (Libc.NoEntry or 20)) search.Gap(GapReason.NotReadable, path, Errno.Text(error)); // 20: ENOTDIR, so it is not there.
        return node;
    }

    private bool IsHidden(string path) => Array.Exists(_ownMounts, mount => path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal) || mount.StartsWith(path + "/", StringComparison.Ordinal));

    /// <summary>Where systemd has put something else than what everybody sees: PrivateTmp=, ProtectHome=, InaccessiblePaths=. proc_pid_mountinfo(5).</summary>
    private static string[] OwnMounts()
    {
        try
        {
            return [.. from line in File.ReadLines("/proc/self/mountinfo")
                       let fields = line.Split(' ')
                       where fields.Length > 4 && (fields[3].Contains("systemd-private-", StringComparison.Ordinal) || fields[3].Contains("/systemd/inaccessible", StringComparison.Ordinal))
                       select fields[4]];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
