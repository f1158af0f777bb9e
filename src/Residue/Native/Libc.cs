using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Residue.Native;

/// <summary>The calls to libc that files are looked at with. Each returns -1 and leaves the errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
internal static unsafe partial class Libc
{
    internal const int ReadOnly = 0;
    internal const int NonBlock = 0x800;
    internal const int NoTerminal = 0x100;
    internal const int CloseOnExec = 0x80000;
    internal const int PathOnly = 0x200000;
    internal const int EmptyPath = 0x1000;
    internal const int NoAutomount = 0x800;

    internal const int NoEntry = 2;
    internal const int NoProcess = 3;
    internal const int Interrupted = 4;
    internal const int NoSuchAddress = 6; // ENXIO: of SEEK_DATA, nothing follows.
    internal const int AccessDenied = 13;
    internal const int Invalid = 22;

    internal const int SeekData = 3;
    internal const int SeekHole = 4;

    /// <summary>O_DIRECTORY, which arm64 numbers otherwise.</summary>
    internal static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW, likewise.</summary>
    internal static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>getdents64, which every architecture numbers otherwise.</summary>
    private static readonly nint GetEntries = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;

    internal static nint ReadDirectory(SafeFileHandle directory, byte* buffer, int length) => SystemCall(GetEntries, directory, buffer, length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    internal static partial int OpenAt(SafeFileHandle directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    internal static partial nint ReadAt(SafeFileHandle file, byte* buffer, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(SafeFileHandle file, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    internal static partial nint ReadLinkAt(SafeFileHandle directory, byte* path, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int Statx(SafeFileHandle directory, byte* path, int flags, uint mask, StatxBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, SafeFileHandle directory, byte* buffer, nint length);
}
