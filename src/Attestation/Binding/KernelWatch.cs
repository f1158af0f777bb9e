using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>One thread that waits for all held processes to exit and all held cgroups to empty: epoll(7).</summary>
/// <remarks>It starts with the first hold and lasts as long as the daemon. Adding and removing is safe from any thread; the kernel takes both while another thread waits.</remarks>
#pragma warning disable CA1001 // It owns an epoll descriptor, and lives as long as the process.
internal sealed unsafe class KernelWatch
#pragma warning restore CA1001
{
    /// <summary>Descriptors watched at once. Ours: 10,000 tasks with a process and a cgroup each are a third of it; the limit of open files comes first.</summary>
    internal const int MaxWatched = 65_536;

    /// <summary>Events taken per wait. Ours: 3 KiB of stack.</summary>
    private const int Batch = 256;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize - 8;
    private static readonly Lock Gate = new(); // Guards the making of _one.
    private static KernelWatch? _one;

    private readonly ConcurrentDictionary<ulong, (IWatched Watched, SafeFileHandle Fd)> _watched = new();
    private readonly SafeFileHandle _epoll;
    private ulong _last;
    private int _count;

    private KernelWatch(SafeFileHandle epoll)
    {
        _epoll = epoll;
        new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "bindings" }.Start();
    }

    /// <summary>How many descriptors are watched.</summary>
    internal static int Count => Volatile.Read(ref _one) is { } watch ? Volatile.Read(ref watch._count) : 0;

    /// <summary>Watches a descriptor, from what is already so on; 0 when as many are watched as may be, or the kernel refuses.</summary>
    /// <param name="fd">To be kept open until <see cref="Remove"/>.</param>
    /// <param name="events">What is waited for, level-triggered.</param>
    /// <param name="watched">Hears of it; perhaps before this returns.</param>
    /// <returns>A token for <see cref="Remove"/>.</returns>
    internal static ulong Add(SafeFileHandle fd, uint events, IWatched watched) => One()?.AddHere(fd, events, watched) ?? 0;

    /// <summary>Stops watching; must come before the descriptor is closed, since a duplicate would keep it watched. What was already taken from the kernel may still be told.</summary>
    internal static void Remove(ulong token) => Volatile.Read(ref _one)?.RemoveHere(token);

    /// <summary>Null when there is no descriptor left for it: asked for again by the next who needs it.</summary>
    private static KernelWatch? One()
    {
        if (Volatile.Read(ref _one) is { } known) return known;
        lock (Gate)
        {
            if (_one is not null) return _one;
            int fd = Libc.EpollCreate(Libc.CloseOnExec);
            if (fd < 0) return null;
            KernelWatch made = new(new SafeFileHandle(fd, ownsHandle: true));
            Volatile.Write(ref _one, made);
            return made;
        }
    }

    private ulong AddHere(SafeFileHandle fd, uint events, IWatched watched)
    {
        if (Interlocked.Increment(ref _count) > MaxWatched)
        {
            Interlocked.Decrement(ref _count);
            return 0;
        }

        ulong token = Interlocked.Increment(ref _last);
        _watched[token] = (watched, fd);
        byte* one = stackalloc byte[16];
        *(uint*)one = events;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(one + DataOffset, 8), token);
        if (Libc.EpollControl(_epoll, Libc.EpollAdd, fd, one) == 0) return token;
        Forget(token);
        return 0;
    }

    private void RemoveHere(ulong token)
    {
        if (!_watched.TryGetValue(token, out (IWatched Watched, SafeFileHandle Fd) entry) || !Forget(token)) return;
        byte* none = stackalloc byte[16];
        try
        {
            _ = Libc.EpollControl(_epoll, Libc.EpollDelete, entry.Fd, none);
        }
        catch (ObjectDisposedException)
        {
            // Its owner was quicker, and has taken it off before it closed it.
        }
    }

    private bool Forget(ulong token)
    {
        bool known = _watched.TryRemove(token, out _);
        if (known) Interlocked.Decrement(ref _count);
        return known;
    }

    private void Run()
    {
        byte* events = stackalloc byte[Batch * EventSize];
        while (true)
        {
            int count = Libc.EpollWait(_epoll, events, Batch, -1);
            for (int i = 0; i < count; i++)
            {
                ulong token = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(events + (i * EventSize) + DataOffset, 8));
                if (_watched.TryGetValue(token, out (IWatched Watched, SafeFileHandle Fd) entry) && !entry.Watched.OnKernelEvent()) RemoveHere(token);
            }
        }
    }
}
