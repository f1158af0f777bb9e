namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Which system calls can carry bytes out of a process. Whatever is in neither list is traced, and a fault when it occurs: nobody has thought about it.</summary>
internal static class TracedSyscalls
{
    /// <summary>Take bytes in, or hand numbers to the kernel: not traced, so that a traced program stays quick.</summary>
    private static readonly string[] Silent =
    [
        // Reading and waiting.
        "read", "pread64", "readv", "preadv", "preadv2", "recvmsg", "recvmmsg", "recvfrom", "readlink", "readlinkat", "getdents64", "getxattr", "lgetxattr", "fgetxattr", "select", "pselect6", "poll", "ppoll",
        "epoll_wait", "epoll_pwait", "epoll_pwait2", "futex", "futex_waitv", "wait4", "waitid", "nanosleep", "clock_nanosleep", "pause", "rt_sigsuspend", "rt_sigtimedwait", "inotify_init1", "inotify_add_watch", "inotify_rm_watch",
        // Looking: paths are names of what is there already.
        "stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2", "lseek", "getcwd", "uname", "sysinfo", "getrusage", "times", "capget", "fanotify_init",
        // Memory of this process alone; mmap is looked at.
        "brk", "munmap", "mprotect", "mremap", "madvise", "mlock", "mlock2", "mlockall", "munlock", "munlockall", "mincore", "membarrier", "get_mempolicy", "set_mempolicy", "msync",
        // Threads, signals, clocks, limits, ids.
        "set_tid_address", "set_robust_list", "rseq", "arch_prctl", "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getparam", "sched_setparam", "sched_getscheduler", "sched_setscheduler",
        "sched_get_priority_min", "sched_get_priority_max", "sched_getattr", "getpriority", "setpriority", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "sigaltstack", "kill", "tkill", "tgkill", "restart_syscall",
        "pidfd_open", "pidfd_send_signal", "clock_gettime", "clock_getres", "gettimeofday", "timer_create", "timer_settime", "timer_delete", "timerfd_create", "timerfd_settime", "setitimer", "getrandom", "getpid", "getppid", "gettid", "getpgrp", "getpgid", "setpgid",
        "getsid", "setsid", "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "setuid", "setgid", "setgroups", "setresuid", "setresgid", "prlimit64", "getrlimit", "setrlimit", "umask", "exit", "exit_group",
        // Descriptors, and files without their bytes.
        "close", "close_range", "dup", "dup2", "dup3", "fcntl", "flock", "fsync", "fdatasync", "sync_file_range", "syncfs", "fallocate", "ftruncate", "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "utimensat", "fadvise64", "chdir", "fchdir",
        "pipe", "pipe2", "eventfd2", "epoll_create1", "epoll_ctl", "socket", "socketpair", "listen", "shutdown", "getsockopt", "getsockname", "getpeername", "unlink", "unlinkat", "rmdir",
    ];

    /// <summary>Carry bytes, and strace prints them all: searched.</summary>
    private static readonly HashSet<string> Searched = new(StringComparer.Ordinal)
    {
        "write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg",
        "execve", "execveat", "open", "openat", "openat2", "creat", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat",
        "setxattr", "lsetxattr", "fsetxattr", "bind", "connect", "accept", "accept4", "setsockopt", "prctl", "memfd_create", "mmap", "ioctl", "clone", "clone3", "fork", "vfork",
    };

    /// <summary>What strace is told to trace: everything but those that are silent, as far as this machine has them.</summary>
    public static string Filter => $"trace=!{string.Join(',', Silent.Select(name => $"?{name}"))}";

    /// <summary>Whether its bytes are all in the trace.</summary>
    public static bool IsSearched(string name) => Searched.Contains(name);

    /// <summary>Those that take a file and bytes, in whose result is how many were taken.</summary>
    public static bool IsWrite(string name) => name is "write" or "writev" or "pwrite64" or "pwritev" or "pwritev2" or "sendto" or "sendmsg";
}
