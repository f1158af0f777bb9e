using System.Security.Cryptography;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>Puts many files of a log in their places at once, each whole or not at all, also after a loss of power.</summary>
/// <remarks>
/// All are written beside, in <c>pending/</c>; then all are made safe, then all are renamed, then their directories are made safe. So nobody ever
/// sees a file that is not whole, and the disk works on many of them at a time. Not safe from several threads. After an exception: <see cref="Clear"/>.
/// </remarks>
/// <param name="disk">The log's.</param>
internal sealed class StagedFiles(ILogDisk disk)
{
    /// <summary>Where files lie until they are whole.</summary>
    public const string Pending = "pending";

    /// <summary>Most files that are open at a time, written and not yet safe. Ours.</summary>
    public const int MaxOpen = 64;

    /// <summary>Of a name in <c>pending/</c>, in digits: several write there at a time.</summary>
    private const int NameLength = 20;

    private readonly List<(string Beside, string Path)> _staged = [];
    private readonly List<ILogFile> _open = [];

    /// <summary>Writes a file beside its place.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public void Add(string path, ReadOnlySpan<byte> content, bool isPrivate = false)
    {
        disk.MakeDirectory(Pending, isPrivate: true);
        if (Path.GetDirectoryName(path) is { Length: > 0 } above) disk.MakeDirectory(above, isPrivate);
        string beside = $"{Pending}/{RandomNumberGenerator.GetHexString(NameLength, lowercase: true)}";
        ILogFile file = disk.Create(beside, isPrivate);
        _open.Add(file);
        _staged.Add((beside, path));
        file.Write(content);
        if (_open.Count == MaxOpen) Sync();
    }

    /// <summary>Puts all of them in their places, in the order of adding.</summary>
    /// <exception cref="DiskException">One of them cannot be; some may be in their places already.</exception>
    public void Publish()
    {
        Sync();
        HashSet<string> directories = new(StringComparer.Ordinal);
        foreach ((string beside, string path) in _staged)
        {
            disk.Rename(beside, path);
            directories.Add(Path.GetDirectoryName(path)!);
        }

        _staged.Clear();
        foreach (string directory in directories) disk.SyncDirectory(directory);
    }

    /// <summary>Lets go of what was not published.</summary>
    public void Clear()
    {
        foreach (ILogFile file in _open) file.Dispose();
        _open.Clear();
        foreach ((string beside, _) in _staged)
        {
            try
            {
                disk.Delete(beside);
            }
            catch (DiskException)
            {
                // What stays in pending/ goes when the log is opened again.
            }
        }

        _staged.Clear();
    }

    /// <summary>One file, at once.</summary>
    /// <exception cref="DiskException">It cannot be written. The file is what it was before, or already the new one.</exception>
    public static void Replace(ILogDisk disk, string path, ReadOnlySpan<byte> content, bool isPrivate = false)
    {
        StagedFiles files = new(disk);
        try
        {
            files.Add(path, content, isPrivate);
            files.Publish();
        }
        finally
        {
            files.Clear();
        }
    }

    private void Sync()
    {
        foreach (ILogFile file in _open)
        {
            file.Sync();
            file.Dispose();
        }

        _open.Clear();
    }
}
