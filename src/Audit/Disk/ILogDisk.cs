namespace Spiffe.Agent.Audit.Disk;

/// <summary>What a log does to its directory, a step at a time: each is one call of the kernel, so that a test can lose power between any two.</summary>
/// <remarks>Paths are beneath the directory. Nothing is safe on the disk before it is synchronised: content by its file, names by their directory.</remarks>
internal interface ILogDisk
{
    /// <summary>The directory, for reading.</summary>
    string Root { get; }

    /// <summary>Makes a directory and those above it, each name safe on the disk; one that is there is left as it is.</summary>
    /// <param name="path">Beneath the log's.</param>
    /// <param name="isPrivate">Only the owner may look into it.</param>
    /// <exception cref="DiskException">It cannot be made.</exception>
    void MakeDirectory(string path, bool isPrivate = false);

    /// <summary>Makes a file that is not there yet.</summary>
    /// <exception cref="DiskException">It is there, or cannot be made.</exception>
    ILogFile Create(string path, bool isPrivate = false);

    /// <summary>Opens a file that is there, to write behind what it holds.</summary>
    /// <exception cref="DiskException">It cannot be opened.</exception>
    ILogFile Append(string path);

    /// <summary>Opens a file that is there, to write over what it holds.</summary>
    /// <exception cref="DiskException">It cannot be opened.</exception>
    ILogFile Overwrite(string path);

    /// <exception cref="DiskException">It cannot be renamed.</exception>
    void Rename(string from, string to);

    /// <summary>Removes a file, if it is there.</summary>
    /// <exception cref="DiskException">It cannot be removed.</exception>
    void Delete(string path);

    /// <summary>Removes a directory and the files in it, if it is there.</summary>
    /// <exception cref="DiskException">It cannot be removed.</exception>
    void DeleteDirectory(string path);

    /// <summary>Makes the names in a directory safe on the disk; that of the log itself is the empty path.</summary>
    /// <exception cref="DiskException">Nobody knows whether they are.</exception>
    void SyncDirectory(string path);
}
