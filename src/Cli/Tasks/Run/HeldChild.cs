using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Spiffe.Agent.Cli.Tasks.Run.Native;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>A child that exists, with a process id to bind a task to, but has not run its program yet: it does when released, and never when dropped before that.</summary>
internal sealed unsafe class HeldChild : IDisposable
{
    // Larger than either is in glibc and musl.
    private const int SpawnStateBytes = 1024;
    private const int SignalSetBytes = 128;
    private const int SignalActionBytes = 256;
    private const int SignalInfoBytes = 128; // siginfo_t
    private const int CodeOffset = 8; // si_code
    private const int StatusOffset = 24; // si_status, 64 bit

    private readonly Lock _lock = new(); // guards _pipe, _ended: a process id is signalled only while it is surely the child's
    private readonly TaskCompletionSource<ChildEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pipe;
    private bool _ended;

    private HeldChild(int processId, int pipe)
    {
        (ProcessId, _pipe) = (processId, pipe);
        new Thread(Wait) { IsBackground = true, Name = "child" }.Start();
    }

    public int ProcessId { get; }

    /// <summary>Completes when the child is gone.</summary>
    public Task<ChildEnd> Ended => _end.Task;

    /// <summary>Starts the child and returns at once.</summary>
    /// <param name="program">The program and its arguments.</param>
    /// <param name="variable">An environment variable that the program gets where it is not set.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="FaultException">The system does not let it: out of processes or memory.</exception>
    public static HeldChild Start(IReadOnlyList<string> program, string variable, string value)
    {
        string self = Environment.ProcessPath ?? throw Impossible("this executable", "cannot be found");
        KeepExitStatuses();
        int* pipe = stackalloc int[2];
        if (Libc.pipe2(pipe, Libc.CloseOnExec) != 0) throw Impossible("a pipe", Marshal.GetLastPInvokeErrorMessage());
        try
        {
            using TextBlock arguments = TextBlock.Of(["spiffe-agent", .. HeldProgram.Arguments(pipe[0], program)]);
            using TextBlock environment = TextBlock.Environment(variable, value);
            int error = Spawn(self, pipe[0], arguments, environment, out int processId);
            if (error == 0) return new HeldChild(processId, pipe[1]);
            _ = Libc.close(pipe[1]);
            throw Impossible(self, Marshal.GetPInvokeErrorMessage(error));
        }
        finally
        {
            _ = Libc.close(pipe[0]);
        }
    }

    /// <summary>Lets the child become its program.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (_pipe >= 0) _ = HeldProgram.Release(_pipe);
            ClosePipe();
        }
    }

    /// <summary>Passes a signal on, unless the child is gone.</summary>
    public void Signal(int signal)
    {
        lock (_lock)
        {
            if (!_ended) _ = Libc.kill(ProcessId, signal);
        }
    }

    /// <summary>Ends a child that was not released, and waits until it is gone. Its program has not run.</summary>
    public Task DropAsync()
    {
        Signal(Libc.Kill);
        return Ended;
    }

    public void Dispose()
    {
        lock (_lock) ClosePipe();
    }

    private static int Spawn(string path, int pipe, TextBlock arguments, TextBlock environment, out int processId)
    {
        byte* actions = stackalloc byte[SpawnStateBytes];
        byte* attributes = stackalloc byte[SpawnStateBytes];
        byte* signals = stackalloc byte[SignalSetBytes];
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        try
        {
            _ = Libc.posix_spawn_file_actions_adddup2(actions, pipe, pipe); // Onto itself: it loses close-on-exec in the child alone (POSIX.1-2024).
            _ = Libc.sigemptyset(signals);
            _ = Libc.sigaddset(signals, Libc.BrokenPipe);
            _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
            _ = Libc.posix_spawnattr_setflags(attributes, Libc.SetDefaultSignals);
            int child = 0;
            int error = Libc.posix_spawn(&child, path, actions, attributes, arguments.Pointers, environment.Pointers);
            processId = child;
            return error;
        }
        finally
        {
            _ = Libc.posix_spawnattr_destroy(attributes);
            _ = Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Where SIGCHLD came ignored from whoever started us, the kernel would drop the child's status.</summary>
    private static void KeepExitStatuses()
    {
        const nint ignored = 1; // SIG_IGN
        byte* action = stackalloc byte[SignalActionBytes]; // struct sigaction begins with the handler.
        if (Libc.sigaction(Libc.ChildEnded, null, action) == 0 && *(nint*)action == ignored) _ = Libc.signal(Libc.ChildEnded, 0);
    }

    /// <summary>Looks at the end of this child alone, and only then takes it away: until then its number is nobody else's. SIGCHLD stays the runtime's.</summary>
    private void Wait()
    {
        byte* information = stackalloc byte[SignalInfoBytes];
        int result;
        do result = Libc.waitid(Libc.ByProcessId, ProcessId, information, Libc.WaitForExit | Libc.LeaveWaitable);
        while (result != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        lock (_lock)
        {
            _ended = true;
            if (result == 0) _ = Libc.waitid(Libc.ByProcessId, ProcessId, information, Libc.WaitForExit);
        }

        ReadOnlySpan<byte> told = new(information, SignalInfoBytes);
        ChildEnd end = new(BinaryPrimitives.ReadInt32LittleEndian(told[CodeOffset..]) != Libc.Exited, BinaryPrimitives.ReadInt32LittleEndian(told[StatusOffset..]));
        _end.SetResult(result == 0 ? end : new ChildEnd(IsSignal: false, ExitCodes.Failed));
    }

    private void ClosePipe()
    {
        if (_pipe >= 0) _ = Libc.close(_pipe);
        _pipe = -1;
    }

    private static FaultException Impossible(string what, string why) => new(new Fault(ExitCodes.CannotCreate, "task run: cannot start a process", what, why));
}
