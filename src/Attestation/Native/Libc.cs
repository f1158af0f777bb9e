using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Attestation.Native;

/// <summary>The calls to libc that evidence is read with. Each returns -1 and leaves the errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static unsafe partial class Libc
{
    internal const int AtFdCwd = -100;
    internal const int ReadOnly = 0;
    internal const int CloseOnExec = 0x80000;
    internal const int NonBlock = 0x800;
    internal const int PathOnly = 0x200000;
    internal const int DuplicateCloseOnExec = 1030;
    internal const int EmptyPath = 0x1000;
    internal const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    internal const int NoAutomount = 0x800;

    /// <summary>AT_STATX_DONT_SYNC: what the kernel knows already, without asking a file system that a user or a network serves.</summary>
    internal const int DoNotSync = 0x4000;
    internal const short PollIn = 1;
    internal const short PollPriority = 2;
    internal const long PidFdOpen = 434;

    internal const int NoEntry = 2;
    internal const int NoProcess = 3;
    internal const int Interrupted = 4;
    internal const int AccessDenied = 13;
    internal const int NotPermitted = 1;
    internal const int OutOfRange = 34;

    /// <summary>O_DIRECTORY, which arm64 numbers otherwise.</summary>
    internal static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW, likewise.</summary>
    internal static readonly int OpenNoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(SafeFileHandle directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(SafeFileHandle directory, byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Duplicate(SafeFileHandle fd, int command, int lowest);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int Statx(int directory, byte* path, int flags, uint mask, StatxBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    internal static partial int FileSystemOf(SafeFileHandle fd, byte* buffer);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(SafeFileHandle fd, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "open_by_handle_at", SetLastError = true)]
    internal static partial int OpenByHandle(SafeFileHandle mount, FileHandle* handle, int flags);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    internal static partial nint ReadLink(byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    internal static partial int UserById(uint uid, PasswdEntry* entry, byte* buffer, nuint size, PasswdEntry** result);

    [LibraryImport("libc", EntryPoint = "getgrgid_r")]
    internal static partial int GroupById(uint gid, GroupEntry* entry, byte* buffer, nuint size, GroupEntry** result);
}
