using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Attestation.Native;

// What bindings are held, watched and contained with: epoll(7), pidfd_send_signal(2), getdents64(2).
internal static unsafe partial class Libc
{
    internal const int WriteOnly = 1;
    internal const short PollError = 8;

    internal const uint EpollIn = 1;
    internal const uint EpollPriority = 2;
    internal const uint EpollOneShot = 1u << 30;
    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;

    internal const long PidFdSendSignal = 424;

    internal const int SignalKill = 9;
    internal const int SignalContinue = 18;
    internal const int SignalStop = 19;

    internal const int NotSupported = 95;
    internal const int NoDevice = 19;

    /// <summary>getdents64, which every architecture numbers otherwise.</summary>
    internal static readonly nint ReadDirectory = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int EpollControl(SafeFileHandle epoll, int operation, SafeFileHandle fd, byte* eventData);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int EpollWait(SafeFileHandle epoll, byte* events, int count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    internal static partial nint ReadAt(SafeFileHandle file, byte* buffer, nuint count, nint offset);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint SystemCall(nint number, SafeFileHandle first, nint second, nint third, nint fourth);
}
