using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport.Events;

/// <summary>One thread that waits on many descriptors (epoll) and runs what is scheduled on it. What belongs to a loop is touched on its thread alone, so it needs no locks.</summary>
/// <remarks>Descriptors are level-triggered: one read per event and no read that only finds the socket empty. As a <see cref="PipeScheduler"/> it resumes writers of
/// pipes, so that a receiver that was held back goes on where it owns its state.</remarks>
internal sealed unsafe class EventLoop : PipeScheduler, IDisposable
{
    /// <summary>Events taken per wait. Ours: 3 KiB of stack.</summary>
    private const int Batch = 256;

    private const uint WakeSlot = 0;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;

    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _scheduled = new();
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly Thread _thread;
    private readonly Action<Exception> _onFault;
    private readonly List<(IEventHandler? Handler, uint Generation)> _slots = [(null, 0)];
    private readonly Stack<uint> _free = new();
    private int _wakeRequested;
    private volatile bool _stopping;

    /// <param name="number">For the thread's name.</param>
    /// <param name="onFault">Hears of what a handler threw. Handlers do not throw; if one does, it is a bug in one connection, and the others are served on.</param>
    internal EventLoop(int number, Action<Exception> onFault)
    {
        _onFault = onFault;
        _epoll = Owned(Libc.EpollCreate(Constants.SocketCloseOnExec), "epoll_create1");
        _wake = Owned(Libc.EventFd(0, Constants.SocketCloseOnExec | Constants.SocketNonBlock), "eventfd");
        Control(Constants.EpollAdd, _wake, Constants.EpollIn, WakeSlot);
        _thread = new Thread(Run) { IsBackground = true, Name = $"unix sockets {number}" };
        _thread.Start();
    }

    /// <summary>Whether the caller is on the loop's thread.</summary>
    internal bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs an action on the loop's thread, after what was scheduled before it.</summary>
    public override void Schedule(Action<object?> action, object? state)
    {
        _scheduled.Enqueue((action, state));
        if (!IsCurrent && Interlocked.Exchange(ref _wakeRequested, 1) == 0) Wake();
    }

    /// <summary>Watches a descriptor; returns a token for <see cref="Modify"/> and <see cref="Remove"/>. On the loop's thread only. Throws when the kernel refuses.</summary>
    internal ulong Add(SafeFileHandle fd, uint events, IEventHandler handler)
    {
        if (!_free.TryPop(out uint slot))
        {
            slot = (uint)_slots.Count;
            _slots.Add((null, 0));
        }

        uint generation = unchecked(_slots[(int)slot].Generation + 1);
        _slots[(int)slot] = (handler, generation);
        ulong token = ((ulong)generation << 32) | slot;
        Control(Constants.EpollAdd, fd, events, token);
        return token;
    }

    /// <summary>Changes what is waited for. On the loop's thread only.</summary>
    internal void Modify(ulong token, SafeFileHandle fd, uint events) => Control(Constants.EpollModify, fd, events, token);

    /// <summary>Stops watching; events already taken from the kernel are dropped. On the loop's thread only.</summary>
    internal void Remove(ulong token, SafeFileHandle fd)
    {
        uint slot = SlotOf(token);
        _slots[(int)slot] = (null, _slots[(int)slot].Generation);
        _free.Push(slot);
        byte* none = stackalloc byte[16];
        _ = Libc.EpollControl(_epoll, Constants.EpollDelete, fd, none);
    }

    /// <summary>Ends the thread. Nothing may be registered any more.</summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        if (!IsCurrent) _thread.Join();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        byte* events = stackalloc byte[Batch * EventSize];
        while (!_stopping)
        {
            RunScheduled();
            int count = Libc.EpollWait(_epoll, events, Batch, _scheduled.IsEmpty ? -1 : 0);
            for (int i = 0; i < count; i++)
            {
                byte* one = events + (i * EventSize);
                Dispatch(*(uint*)one, BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(one + DataOffset, 8)));
            }
        }
    }

    private void Dispatch(uint events, ulong token)
    {
        if (token == WakeSlot)
        {
            ulong count;
            _ = Libc.Read(_wake, (byte*)&count, 8);
            Interlocked.Exchange(ref _wakeRequested, 0); // before the queue is looked at: what comes after it wakes again
            return;
        }

        (IEventHandler? handler, uint generation) = _slots[(int)SlotOf(token)];
        if (generation != (uint)(token >> 32)) return;
        try
        {
            handler?.OnEvents(events);
        }
        catch (Exception fault)
        {
            _onFault(fault);
        }
    }

    /// <summary>Runs what is there now; what that schedules waits until sockets had their turn.</summary>
    private void RunScheduled()
    {
        for (int left = _scheduled.Count; left > 0 && _scheduled.TryDequeue(out (Action<object?> Action, object? State) item); left--)
        {
            try
            {
                item.Action(item.State);
            }
            catch (Exception fault)
            {
                _onFault(fault);
            }
        }
    }

    private static uint SlotOf(ulong token) => unchecked((uint)token);

    private void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, (byte*)&one, 8);
    }

    private void Control(int operation, SafeFileHandle fd, uint events, ulong token)
    {
        byte* one = stackalloc byte[16];
        *(uint*)one = events;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(one + DataOffset, 8), token);
        if (Libc.EpollControl(_epoll, operation, fd, one) != 0) throw new IOException($"epoll_ctl failed: {Errno.Text(Errno.Last)}");
    }

    private static SafeFileHandle Owned(int fd, string call) =>
        fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new IOException($"{call} failed: {Errno.Text(Errno.Last)}");
}
