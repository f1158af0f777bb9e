using System.Runtime.InteropServices;

namespace Spiffe.Agent.Cli.Tasks.Run.Native;

/// <summary>The system's calls for starting, holding and waiting for a child. Numbers are Linux's, the same on x86-64 and arm64.</summary>
internal static unsafe partial class Libc
{
    public const int CloseOnExec = 0x80000; // O_CLOEXEC
    public const int NoControllingTerminal = 0x100; // O_NOCTTY
    public const int ReadWrite = 2; // O_RDWR
    public const int SetDescriptorFlags = 2; // F_SETFD
    public const int DescriptorCloseOnExec = 1; // FD_CLOEXEC
    public const int Executable = 1; // X_OK
    public const int ByProcessId = 1; // P_PID
    public const int WaitForExit = 4; // WEXITED
    public const int LeaveWaitable = 0x0100_0000; // WNOWAIT
    public const int Exited = 1; // CLD_EXITED
    public const short SetDefaultSignals = 4; // POSIX_SPAWN_SETSIGDEF
    public const int Interrupted = 4; // EINTR
    public const int NoSuchFile = 2; // ENOENT
    public const int AccessDenied = 13; // EACCES
    public const int BrokenPipe = 13; // SIGPIPE
    public const int Kill = 9; // SIGKILL
    public const int ChildEnded = 17; // SIGCHLD

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe2(int* descriptors, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, byte* buffer, nint length);

    [LibraryImport("libc")]
    public static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int access(string path, int mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(int* processId, string path, byte* fileActions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_init(byte* fileActions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_adddup2(byte* fileActions, int from, int to);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_destroy(byte* fileActions);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    public static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    public static partial int sigaddset(byte* signals, int signal);

    [LibraryImport("libc")]
    public static partial nint signal(int signal, nint handler);

    [LibraryImport("libc")]
    public static partial int sigaction(int signal, byte* action, byte* before);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int execvp(byte* file, byte** arguments);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitid(int kind, int id, byte* information, int options);

    [LibraryImport("libc")]
    public static partial int kill(int processId, int signal);

    [LibraryImport("libc")]
    public static partial int getpgrp();

    [LibraryImport("libc")]
    public static partial int tcgetpgrp(int descriptor);
}
