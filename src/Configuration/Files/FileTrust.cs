using System.Globalization;
using System.Runtime.InteropServices;

namespace Spiffe.Agent.Configuration.Files;

/// <summary>
/// Whether anybody but root could have put the file there: whoever writes the configuration of a daemon that runs as root names who gets which identity.
/// Every directory on the way counts, through every symbolic link, since whoever may write one may put another file in place.
/// </summary>
internal static partial class FileTrust
{
    private const int MaxLinks = 40; // As the kernel: path_resolution(7).

    /// <summary>Whether this process acts as root, and so whether others' files are to be feared.</summary>
    public static bool IsRoot => GetEffectiveUid() == 0;

    /// <summary>Says what on the way to <paramref name="path"/> others than root could change.</summary>
    public static void Check(string path, FaultList faults)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Stack<string> ahead = new(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        string at = "/";
        Judge(at, faults, seen);
        for (int links = 0; ahead.TryPop(out string? name);)
        {
            if (name is ".") continue;
            if (name is "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            string next = Path.Combine(at, name);
            if (Judge(next, faults, seen) is not { IsLink: true })
            {
                at = next;
                continue;
            }

            string? target = new FileInfo(next).LinkTarget;
            if (target is null || ++links > MaxLinks)
            {
                faults.Add($"leads over {next}, a link without an end", "name the file itself");
                return;
            }

            if (target.StartsWith('/')) at = "/";
            foreach (string part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) ahead.Push(part);
        }
    }

    private static FileStatus? Judge(string path, FaultList faults, HashSet<string> seen)
    {
        if (!FileStatus.TryRead(path, followLink: false, out FileStatus status)) return null;
        if (!seen.Add(path)) return status;
        if (status.Uid != 0)
        {
            string who = string.Create(CultureInfo.InvariantCulture, $"user {status.Uid}");
            faults.Add($"could be changed by {who}, who owns {path}, while the daemon runs as root", $"chown root {path}");
        }
        else if (!status.IsLink && OthersMayWrite(status))
        {
            faults.Add($"could be changed by others than root, who may write {path}, while the daemon runs as root", $"chmod go-w {path}");
        }

        return status;
    }

    /// <summary>In a sticky directory such as /tmp others add files of their own and touch nobody else's.</summary>
    private static bool OthersMayWrite(FileStatus status)
    {
        if (status is { IsDirectory: true, IsSticky: true }) return false;
        bool byGroup = (status.Mode & 0x10) != 0 && status.Gid != 0;
        return byGroup || (status.Mode & 0x2) != 0;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUid();
}
