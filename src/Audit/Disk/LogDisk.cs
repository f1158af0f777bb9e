using System.Runtime.InteropServices;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>A log's directory as the kernel keeps it. Owner and group may read what is made here, of private things only the owner; only the owner writes.</summary>
/// <param name="root">The log's directory.</param>
internal sealed class LogDisk(string root) : ILogDisk
{
    private const uint Shared = 0x1A0; // 0640
    private const uint Private = 0x180; // 0600
    private const uint SharedDirectory = 0x1E8; // 0750
    private const uint PrivateDirectory = 0x1C0; // 0700

    public string Root => root;

    public void MakeDirectory(string path, bool isPrivate = false)
    {
        if (path.Length == 0 || Directory.Exists(Whole(path))) return;
        string above = Path.GetDirectoryName(path)!;
        MakeDirectory(above, isPrivate);
        Check(Libc.MakeDirectory(Whole(path), isPrivate ? PrivateDirectory : SharedDirectory), "mkdir", path, Libc.Exists);
        SyncDirectory(above);
    }

    public ILogFile Create(string path, bool isPrivate = false) =>
        new DiskFile(Whole(path), Libc.WriteOnly | Libc.Create | Libc.Exclusive | Libc.AtEnd, isPrivate ? Private : Shared);

    public ILogFile Append(string path) => new DiskFile(Whole(path), Libc.WriteOnly | Libc.AtEnd | Libc.NoFollow, 0);

    public ILogFile Overwrite(string path) => new DiskFile(Whole(path), Libc.WriteOnly | Libc.NoFollow, 0);

    public void Rename(string from, string to) => Check(Libc.Rename(Whole(from), Whole(to)), "rename", to);

    public void Delete(string path) => Check(Libc.Unlink(Whole(path)), "unlink", path, Libc.Absent);

    public void DeleteDirectory(string path)
    {
        if (!Directory.Exists(Whole(path))) return;
        foreach (string file in Directory.EnumerateFiles(Whole(path)).ToList()) Delete(Path.Combine(path, Path.GetFileName(file)));
        Check(Libc.RemoveDirectory(Whole(path)), "rmdir", path, Libc.Absent);
    }

    public void SyncDirectory(string path)
    {
        using DiskFile directory = new(Whole(path), Libc.DirectoryOnly, 0);
        directory.SyncAll();
    }

    private void Check(int result, string call, string path, int ignored = 0)
    {
        if (result == 0) return;
        int error = Marshal.GetLastPInvokeError();
        if (error != ignored) throw new DiskException(call, Whole(path), error);
    }

    private string Whole(string path) => path.Length == 0 ? root : Path.Combine(root, path);
}
