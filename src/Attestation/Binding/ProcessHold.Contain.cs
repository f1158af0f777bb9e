using System.Globalization;
using System.Runtime.InteropServices;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Binding;

// One process alone: its children go on. A signal goes through the pidfd, so it meets this process or none.
public sealed partial class ProcessHold
{
    /// <summary>SIGSTOP: no thread of it runs on until <see cref="Continue"/>; it stays alive and held. Who may send it signals can continue it: a cgroup cannot be
    /// continued so.</summary>
    public ContainResult Stop() => Send(Libc.SignalStop);

    /// <summary>SIGCONT.</summary>
    public ContainResult Continue() => Send(Libc.SignalContinue);

    /// <summary>SIGKILL. <see cref="Exited"/> tells when it is done.</summary>
    public ContainResult Kill() => Send(Libc.SignalKill);

    private ContainResult Send(int signal)
    {
        if (Peer.ProcessId == Environment.ProcessId) return ContainResult.Refused("it is this process");
        if (Libc.SystemCall((nint)Libc.PidFdSendSignal, Peer.PidFd!, signal, 0, 0) == 0) return new ContainResult(ContainOutcome.Done, ContainMeans.Signals, 1, "");
        int error = Marshal.GetLastPInvokeError();
        return error == Libc.NoProcess
            ? ContainResult.Gone
            : new ContainResult(ContainOutcome.Failed, ContainMeans.Signals, 0, string.Create(CultureInfo.InvariantCulture, $"signal {signal} to {Peer.ProcessId}: errno {error}"));
    }
}
