using System.Runtime.InteropServices;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>The kernel refused: which call, on which file, why, and what a person can do about it.</summary>
/// <param name="call">The system call.</param>
/// <param name="path">Whole path of the file.</param>
/// <param name="error">errno.</param>
internal sealed class DiskException(string call, string path, int error) : IOException($"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error)
{
    /// <summary>ENOSPC.</summary>
    public const int NoRoom = 28;

    private const int Io = 5; // EIO
    private const int Denied = 13; // EACCES
    private const int NotPermitted = 1; // EPERM
    private const int TooManyFiles = 24; // EMFILE
    private const int TooLarge = 27; // EFBIG
    private const int ReadOnly = 30; // EROFS
    private const int NotSupported = 95; // EOPNOTSUPP
    private const int Quota = 122; // EDQUOT

    /// <summary>errno.</summary>
    public int Error { get; } = error;

    /// <summary>There is no room, on the disk or for this user.</summary>
    public bool IsFull => Error is NoRoom or Quota;

    /// <summary>The file system cannot do that at all.</summary>
    public bool IsUnsupported => Error is NotSupported;

    /// <summary>What a person can do about it.</summary>
    public string Remedy => Error switch
    {
        NoRoom => "free space on its file system, or keep fewer old entries",
        Quota => "raise the quota of the daemon's user, or keep fewer old entries",
        ReadOnly => "mount its file system writable; a kernel that turned it read-only has said why in its log",
        Io => "look at the kernel's log: the medium fails",
        Denied or NotPermitted => "let the daemon's user, and nobody else, write there",
        TooManyFiles => "raise the daemon's limit of open files",
        TooLarge => "raise the daemon's limit of the size of files",
        _ => "look at the kernel's log",
    };
}
