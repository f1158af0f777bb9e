using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Audit.Verification.Files;

/// <summary>The calls that open a file without following anything, and list a directory without looking at what is in it.</summary>
internal static unsafe partial class Libc
{
    public const int CloseOnExec = 0x80000;
    public const int NonBlock = 0x800;
    public const int NoControllingTerminal = 0x100;
    public const int PathOnly = 0x200000;

    public const int NoEntry = 2;
    public const int NoDeviceOrAddress = 6; // ENXIO: a socket
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int Loop = 40; // ELOOP: a link

    /// <summary>O_DIRECTORY, which arm64 numbers otherwise.</summary>
    public static readonly int Directory = IsArm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW, likewise.</summary>
    public static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;

    private static readonly nint GetDirectoryEntries = IsArm ? 61 : 217;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int OpenAt(SafeFileHandle directory, string name, int flags);

    /// <summary>Whether it is a regular file: S_IFREG in stx_mode of statx(2). What cannot be asked is none.</summary>
    public static bool IsRegular(SafeFileHandle file)
    {
        const int EmptyPath = 0x1000, ModeOffset = 28, TypeMask = 0xf000, Regular = 0x8000;
        const uint Type = 1;
        byte* status = stackalloc byte[256];
        return Statx(file, "", EmptyPath, Type, status) == 0 && (*(ushort*)(status + ModeOffset) & TypeMask) == Regular;
    }

    /// <summary>getdents64(2), which not every libc has by that name.</summary>
    public static int List(SafeFileHandle directory, Span<byte> buffer)
    {
        bool added = false;
        try
        {
            directory.DangerousAddRef(ref added);
            fixed (byte* bytes = buffer) return (int)SystemCall(GetDirectoryEntries, directory.DangerousGetHandle(), (nint)bytes, buffer.Length);
        }
        finally
        {
            if (added) directory.DangerousRelease();
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(SafeFileHandle file, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint descriptor, nint buffer, nint length);
}
