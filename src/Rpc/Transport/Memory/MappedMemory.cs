using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport.Memory;

/// <summary>Anonymous memory straight from the kernel, kept out of core dumps.</summary>
internal static unsafe class MappedMemory
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int DontDump = 16;
    private const int DontNeed = 4;
    private const int DontNeedLocked = 24;

    /// <summary>Zeroed memory of at least this many bytes.</summary>
    /// <exception cref="InsufficientMemoryException">The kernel has none.</exception>
    internal static byte* Map(int length)
    {
        byte* start = Libc.Map(0, (nuint)length, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)start == -1) throw new InsufficientMemoryException("mmap failed");
        _ = Libc.Advise(start, (nuint)length, DontDump);
        return start;
    }

    internal static void Unmap(byte* start, int length) => _ = Libc.Unmap(start, (nuint)length);

    /// <summary>Lets the kernel take the pages; they read as zeros from now on. Pages that mlockall holds need a call of kernel 5.18; before it they stay.</summary>
    internal static void GiveBack(byte* start, int length)
    {
        if (Libc.Advise(start, (nuint)length, DontNeed) != 0) _ = Libc.Advise(start, (nuint)length, DontNeedLocked);
    }
}
