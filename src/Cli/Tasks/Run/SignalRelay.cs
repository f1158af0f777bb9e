using System.Runtime.InteropServices;
using Spiffe.Agent.Cli.Tasks.Run.Native;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary>Passes signals on to the child, and keeps them from ending this process, which has a task to end first.</summary>
/// <remarks>
/// The child is of our process group: what is typed at the terminal (Ctrl-C, Ctrl-\, a new window size) reaches it from there. Passing that on, too, would be a second
/// Ctrl-C, and programs take that for "at once". So those three are passed on only while this group is not the terminal's foreground one.
/// </remarks>
internal sealed class SignalRelay : IDisposable
{
    private const int Interrupt = 2; // SIGINT
    private const int Quit = 3; // SIGQUIT
    private const int WindowChanged = 28; // SIGWINCH

    // SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM, SIGWINCH
    private static readonly int[] Signals = [1, Interrupt, Quit, 10, 12, 15, WindowChanged];

    private readonly HeldChild _child;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _passesOn;
    private readonly CancellationTokenSource _stop = new();
    private volatile int _first;

    public SignalRelay(HeldChild child)
    {
        _child = child;
        foreach (int signal in Signals) _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context => Take(context, signal)));
    }

    /// <summary>Cancelled by the first signal that asked to stop before <see cref="Begin"/>.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>That signal; 0 for none.</summary>
    public int StoppedBy => _first;

    /// <summary>From now on signals are passed on.</summary>
    public void Begin() => _passesOn = true;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Take(PosixSignalContext context, int signal)
    {
        context.Cancel = true;
        if (_passesOn)
        {
            if (!(signal is Interrupt or Quit or WindowChanged && IsInForeground())) _child.Signal(signal);
        }
        else if (signal != WindowChanged && _first == 0)
        {
            _first = signal;
            _stop.Cancel();
        }
    }

    private static bool IsInForeground()
    {
        int terminal = Libc.open("/dev/tty", Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec);
        if (terminal < 0) return false;
        try
        {
            return Libc.tcgetpgrp(terminal) == Libc.getpgrp();
        }
        finally
        {
            _ = Libc.close(terminal);
        }
    }
}
