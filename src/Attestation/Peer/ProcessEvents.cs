using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Peer;

/// <summary>Hears from the kernel when any process becomes another program or another user: its process event connector.</summary>
/// <remarks><para>An event is a hint to look again, never evidence. Events may be lost; then the listener is told so.</para>
/// <para>The connector speaks in the initial network namespace, to listeners in the initial pid and user namespaces (drivers/connector/cn_proc.c), with CAP_NET_ADMIN
/// before Linux 6.6 and without any privilege since. From 6.6 on only the events that are asked for are sent; older kernels tell of forks and exits too.</para></remarks>
public sealed unsafe class ProcessEvents : IDisposable
{
    private const uint ProcessGroup = 1; // CN_IDX_PROC as a multicast group. linux/connector.h

    /// <summary>How long the kernel may take to confirm a subscription, in milliseconds. Ours: it does so before send(2) returns.</summary>
    private const int Patience = 500;

    /// <summary>Bytes that the kernel keeps for us. Ours: some thousand events.</summary>
    private const int QueueSize = 1 << 20;

    private readonly SafeFileHandle _socket;
    private readonly SafeFileHandle _stop;
    private Thread? _thread;

    private ProcessEvents(SafeFileHandle socket, SafeFileHandle stop)
    {
        _socket = socket;
        _stop = stop;
    }

    /// <summary>Subscribes; null where that is not permitted or not possible.</summary>
    /// <param name="detail">Why it is not, for the log.</param>
    public static ProcessEvents? TryOpen(out string detail)
    {
        SafeFileHandle? socket = Own(Libc.Socket(Libc.FamilyNetlink, Libc.DatagramSocket | Libc.CloseOnExec | Libc.NonBlock, Libc.ProtocolConnector));
        if (socket is null) return Fail("a netlink socket", [], out detail);
        SafeFileHandle? stop = Own(Libc.EventFd(0, Libc.CloseOnExec));
        if (stop is null) return Fail("an eventfd", [socket], out detail);
        if (!IsInInitialNamespaces()) return Fail("the initial pid and user namespaces", [socket, stop], out detail);
        int size = QueueSize;
        _ = Libc.SetOption(socket, Libc.SocketLevel, Libc.ReceiveBuffer, &size, sizeof(int)); // Less is given where rmem_max says so.
        NetlinkAddress address = new() { Family = Libc.FamilyNetlink, Groups = ProcessGroup };
        if (Libc.Bind(socket, &address, (uint)sizeof(NetlinkAddress)) != 0) return Fail("to join the group", [socket, stop], out detail);
        if (!Subscribe(socket)) return Fail("CAP_NET_ADMIN before Linux 6.6", [socket, stop], out detail);
        detail = "";
        return new ProcessEvents(socket, stop);
    }

    /// <summary>Begins to listen, on a thread of its own.</summary>
    /// <param name="changed">Called with the pid (thread group id) of each process that has become another program, user or group. Must be quick, and must not throw.</param>
    /// <param name="lost">Called when events were lost.</param>
    public void Start(Action<int> changed, Action lost)
    {
        _thread = new Thread(() => Run(changed, lost), maxStackSize: 256 * 1024) { IsBackground = true, Name = "process events" };
        _thread.Start();
    }

    public void Dispose()
    {
        ulong one = 1;
        _ = Libc.Write(_stop, &one, sizeof(ulong));
        _thread?.Join();
        _socket.Dispose();
        _stop.Dispose();
    }

    private void Run(Action<int> changed, Action lost)
    {
        byte* buffer = stackalloc byte[4096];
        PollFd* fds = stackalloc PollFd[2];
        fds[0] = new PollFd { Fd = (int)_socket.DangerousGetHandle(), Events = Libc.PollIn }; // Both are held until this thread has ended.
        fds[1] = new PollFd { Fd = (int)_stop.DangerousGetHandle(), Events = Libc.PollIn };
        while (true)
        {
            if (Libc.Poll(fds, 2, -1) < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted) break;
            if (fds[1].Returned != 0) return;
            if (!Drain(buffer, changed, lost)) break;
        }

        lost(); // From here on nothing is heard; what is live is looked at in its turn.
    }

    /// <summary>Reads what is there; false when the socket is broken.</summary>
    private bool Drain(byte* buffer, Action<int> changed, Action lost)
    {
        while (true)
        {
            NetlinkAddress from;
            uint length = (uint)sizeof(NetlinkAddress);
            nint read = Libc.ReceiveFrom(_socket, buffer, 4096, 0, &from, &length);
            if (read >= 0)
            {
                // Anybody with CAP_NET_ADMIN could send to the group: only the kernel is port 0.
                if (from.PortId == 0 && ProcessEvent.TryReadChange(new ReadOnlySpan<byte>(buffer, (int)read), out int processId)) changed(processId);
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.TryAgain) return true;
            if (error == Libc.NoBuffers) lost();
            else if (error != Libc.Interrupted) return false;
        }
    }

    /// <summary>Subscribes to all kinds of event, then to those that are wanted, and waits for the kernel's word: it refuses in silence.</summary>
    private static bool Subscribe(SafeFileHandle socket)
    {
        uint mark = (uint)Environment.ProcessId;
        byte* buffer = stackalloc byte[4096];
        foreach (bool filtered in (ReadOnlySpan<bool>)[false, true])
        {
            int length = ProcessEvent.WriteRequest(new Span<byte>(buffer, ProcessEvent.MaxRequest), mark, filtered);
            if (Libc.Send(socket, buffer, (nuint)length, 0) != length) return false;
        }

        long start = Environment.TickCount64;
        PollFd poll = new() { Fd = (int)socket.DangerousGetHandle(), Events = Libc.PollIn };
        while (Environment.TickCount64 - start < Patience)
        {
            if (Libc.Poll(&poll, 1, Patience) == 0) return false;
            nint read = Libc.ReceiveFrom(socket, buffer, 4096, 0, null, null);
            if (read > 0 && ProcessEvent.IsConfirmation(new ReadOnlySpan<byte>(buffer, (int)read), mark)) return true;
        }

        return false;
    }

    /// <summary>The kernel ignores subscribers from elsewhere without a word. The initial namespaces have fixed inode numbers: linux/proc_ns.h.</summary>
    private static bool IsInInitialNamespaces() =>
        File.ResolveLinkTarget("/proc/self/ns/pid", false) is { Name: "pid:[4026531836]" } && File.ResolveLinkTarget("/proc/self/ns/user", false) is { Name: "user:[4026531837]" };

    private static SafeFileHandle? Own(int fd) => fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);

    private static ProcessEvents? Fail(string missing, ReadOnlySpan<SafeFileHandle> opened, out string detail)
    {
        detail = string.Create(CultureInfo.InvariantCulture, $"process events need {missing} (errno {Marshal.GetLastPInvokeError()})");
        foreach (SafeFileHandle handle in opened) handle.Dispose();
        return null;
    }
}
